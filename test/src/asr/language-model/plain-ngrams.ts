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
export function randomNgrams(seed: number, order: number, vocabulary: number, boundary: number): PlainNgrams {
  const random = seededRandom(seed);
  const draw = (count: number) => Math.floor(random() * count);
  const scores: PlainNgrams["scores"] = new Map();
  const put = (tokens: readonly number[]) =>
    scores.set(tokens.join(), { logProb: -(1 + draw(200)) / 32, backoff: -draw(100) / 64 });
  for (let token = 0; token < vocabulary; token++) put([token]);
  for (let count = 0; count < 12; count++) {
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

export function bytesOf({ order, vocabulary, prior, scores }: PlainNgrams): Uint8Array<ArrayBuffer> {
  const all = [...scores].map(([key, score]) => ({ tokens: key.split(",").map(Number), ...score }));
  const levels = Array.from({ length: order }, (_, at) =>
    all.filter(({ tokens }) => tokens.length === at + 1).sort((a, b) => compare(a.tokens, b.tokens)),
  );
  const books = (of: "logProb" | "backoff") =>
    levels.map((level) => [...new Set(level.map((ngram) => ngram[of]))].sort((a, b) => a - b));
  const [logProbs, backoffs] = [books("logProb"), books("backoff").slice(0, -1)];
  const bytes: number[] = [..."NGLM"].map((letter) => letter.charCodeAt(0));
  const u32 = (value: number) => bytes.push(...new Uint8Array(Uint32Array.of(value).buffer));
  const u16 = (value: number) => bytes.push(...new Uint8Array(Uint16Array.of(value).buffer));
  for (const value of [1, order, vocabulary, ...levels.map((level) => level.length)]) u32(value);
  bytes.push(...new Uint8Array(Float32Array.from(prior).buffer));
  for (const book of [...logProbs, ...backoffs]) {
    const full = Float32Array.from({ length: 256 }, (_, at) => book[at] ?? 0);
    bytes.push(...new Uint8Array(full.buffer));
  }
  for (const [at, level] of levels.entries()) {
    for (const { tokens } of level) u16(tokens[at]);
    for (const { logProb } of level) bytes.push(logProbs[at].indexOf(logProb));
    if (at === order - 1) break;
    for (const { backoff } of level) bytes.push(backoffs[at].indexOf(backoff));
    for (const { tokens } of level) {
      u16(levels[at + 1].filter((longer) => tokens.every((token, i) => token === longer.tokens[i])).length);
    }
  }
  return Uint8Array.from(bytes);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((token, i) => token !== b[i]);
  return at < 0 ? 0 : a[at] - b[at];
}
