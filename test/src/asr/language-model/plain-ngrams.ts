/** An n-gram model as one would write it down, a map of n-grams, and the bytes of its file. The fast one must equal it. */
import { seededRandom } from "../../../../bench/random.ts";

export interface PlainNgrams {
  order: number;
  vocabulary: number;
  /** Natural logarithms. */
  prior: number[]; // [V]
  /** By tokens joined with commas; natural logarithms. */
  scores: Map<string, { logProb: number; backoff: number }>;
}

/** All n-grams of a few random sentences, with scores from a short list, since a file has 256 of each order at most. */
export function randomNgrams(
  seed: number,
  order: number,
  vocabulary: number,
  boundary: number,
  sentences = 12,
): PlainNgrams {
  const random = seededRandom(seed);
  const draw = (count: number) => Math.floor(random() * count);
  const scores: PlainNgrams["scores"] = new Map();
  const put = (tokens: readonly number[]) =>
    scores.set(tokens.join(), { logProb: -(1 + draw(200)) / 32, backoff: -draw(100) / 64 });
  for (let token = 0; token < vocabulary; token++) put([token]);
  for (let count = 0; count < sentences; count++) {
    const words = Array.from({ length: draw(9) }, () => 1 + draw(vocabulary - 2));
    const sentence = [boundary, ...words, boundary];
    for (let length = 2; length <= order; length++) {
      for (let at = 0; at + length <= sentence.length; at++) put(sentence.slice(at, at + length));
    }
  }
  const prior = Array.from({ length: vocabulary }, () => -random() * 10);
  return { order, vocabulary, prior, scores };
}

/** Katz's definition, over the whole history. */
export function plainLogProb(
  { order, scores }: Pick<PlainNgrams, "order" | "scores">,
  history: readonly number[],
  token: number,
): number {
  const context = history.slice(Math.max(0, history.length - order + 1));
  const found = scores.get([...context, token].join());
  if (found) return found.logProb;
  const backoff = scores.get(context.join())?.backoff ?? 0;
  return backoff + plainLogProb({ order, scores }, context.slice(1), token);
}

interface Levels {
  levels: { tokens: number[]; logProb: number; backoff: number }[][];
  /** Of each n-gram of a level, how many of the next begin with it. */
  children: number[][];
}

function levelsOf({ order, scores }: PlainNgrams): Levels {
  const all = [...scores].map(([key, score]) => ({ tokens: key.split(",").map(Number), ...score }));
  const levels = Array.from({ length: order }, (_, at) =>
    all.filter(({ tokens }) => tokens.length === at + 1).sort((a, b) => compare(a.tokens, b.tokens)),
  );
  const children = levels.slice(0, -1).map((level, at) =>
    level.map(({ tokens }) => {
      return levels[at + 1].filter((longer) => tokens.every((token, i) => token === longer.tokens[i])).length;
    }),
  );
  return { levels, children };
}

/** The file as packs have it now. */
export function bytesOf(plain: PlainNgrams, shift = 2): Uint8Array<ArrayBuffer> {
  const { levels, children } = levelsOf(plain);
  const { order, vocabulary } = plain;
  const ngrams = levels.slice(1).flat();
  const inside = levels.slice(0, -1).flat();
  const following = children.flat();
  const isNode = inside.map(({ backoff }, at) => at < vocabulary || following[at] > 0 || backoff !== 0);
  const nodes = inside.filter((_, at) => isNode[at]);
  const firsts = [0];
  for (const [at, count] of following.entries())
    if (isNode[at]) firsts.push(firsts[firsts.length - 1] + count);
  const bits = isNode.slice(vocabulary);
  const scores = [...new Set(ngrams.map(({ logProb }) => logProb))];
  const backoffs = [...new Set(nodes.map(({ backoff }) => backoff))];
  const tokenBits = Math.max(1, 32 - Math.clz32(vocabulary - 1));
  const scoreBits = 10;
  const counts = [ngrams.length, bits.length, bits.filter((bit) => bit).length];
  const stream = ngrams.flatMap(({ tokens, logProb }) => [
    ...lowestFirst(tokens[tokens.length - 1], tokenBits),
    ...lowestFirst(scores.indexOf(logProb), scoreBits),
  ]);
  const bases = firsts.filter((_, at) => at % 2 ** shift === 0);
  const words = wordsOf(bits.map(Number));
  const before = words
    .filter((_, at) => at % 8 === 0)
    .map((_, at) => bits.slice(0, at * 256).filter((bit) => bit).length);
  return joined(
    Uint8Array.from("NGLM", (letter) => letter.charCodeAt(0)),
    Uint32Array.of(2, order, vocabulary, ...counts, tokenBits, scoreBits, shift),
    Float32Array.from(plain.prior),
    Float32Array.from(levels[0], ({ logProb }) => logProb),
    Float32Array.from({ length: 2 ** scoreBits }, (_, at) => scores[at] ?? 0),
    Float32Array.from({ length: 256 }, (_, at) => backoffs[at] ?? 0),
    Uint32Array.from(bases),
    Uint32Array.from(words),
    Uint32Array.from(before),
    Uint32Array.of(...wordsOf(stream), 0),
    Uint16Array.from(firsts, (first, at) => first - bases[at >> shift]),
    Uint8Array.from(nodes, ({ backoff }) => backoffs.indexOf(backoff)),
  );
}

/** The file as packs up to 1.3.0 have it. */
export function oldBytesOf(plain: PlainNgrams): Uint8Array<ArrayBuffer> {
  const { levels, children } = levelsOf(plain);
  const books = (of: "logProb" | "backoff") =>
    levels.map((level) => [...new Set(level.map((ngram) => ngram[of]))].sort((a, b) => a - b));
  const [logProbs, backoffs] = [books("logProb"), books("backoff").slice(0, -1)];
  const sizes = levels.map((level) => level.length);
  return joined(
    Uint8Array.from("NGLM", (letter) => letter.charCodeAt(0)),
    Uint32Array.of(1, plain.order, plain.vocabulary, ...sizes),
    Float32Array.from(plain.prior),
    ...[...logProbs, ...backoffs].map((book) => Float32Array.from({ length: 256 }, (_, at) => book[at] ?? 0)),
    ...levels.flatMap((level, at) => [
      Uint16Array.from(level, ({ tokens }) => tokens[at]),
      Uint8Array.from(level, ({ logProb }) => logProbs[at].indexOf(logProb)),
      ...(at === plain.order - 1
        ? []
        : [
            Uint8Array.from(level, ({ backoff }) => backoffs[at].indexOf(backoff)),
            Uint16Array.from(children[at]),
          ]),
    ]),
  );
}

function joined(
  ...parts: (Uint8Array | Uint16Array | Uint32Array | Float32Array)[]
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    parts.flatMap(({ buffer, byteOffset, byteLength }) => [
      ...new Uint8Array(buffer, byteOffset, byteLength),
    ]),
  );
}

function lowestFirst(value: number, bits: number): number[] {
  return Array.from({ length: bits }, (_, bit) => (value >> bit) & 1);
}

function wordsOf(bits: readonly number[]): number[] {
  const words = Array.from({ length: Math.ceil(bits.length / 32) }, (_, at) =>
    bits.slice(32 * at, 32 * at + 32),
  );
  return words.map((word) => word.reduce((sum, bit, at) => sum + bit * 2 ** at, 0));
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((token, i) => token !== b[i]);
  return at < 0 ? 0 : a[at] - b[at];
}
