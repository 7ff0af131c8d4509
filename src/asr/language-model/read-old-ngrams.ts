/**
 * Version 1 of the file, which packs up to 1.3.0 have. After the version, order n and vocabulary size V:
 *
 *   u32[n] n-grams of each order (V of order 1)
 *   f32[V] log probability of each token in what the acoustic model was trained to write
 *   f32[n][256] log-probs, f32[n − 1][256] backoff weights of all orders but the last
 *   of each order: u16[count] last tokens, u8[count] log-probs; but for the last order u8[count] backoff weights and
 *   u16[count] how many n-grams of the next order begin with it
 *
 * The n-grams of an order stand in the order of those they begin with, then of their last token; order 1 is every token.
 * It is written anew as version 2 has it, with all orders' codebooks one behind the other.
 */
import { type Ngrams, RANK_WORDS } from "./ngrams.ts";
import { invalid, type SectionReader } from "./section-reader.ts";

const CODEBOOK = 256;

interface Level {
  token: Uint16Array; // [count]
  score: Uint8Array; // [count]
  backoff?: Uint8Array; // [count]
  children?: Uint16Array; // [count]
}

export function readOldNgrams(reader: SectionReader, order: number, vocabulary: number): Ngrams {
  const counts = reader.u32(order);
  const prior = reader.f32(vocabulary);
  const scores = reader.f32(order * CODEBOOK);
  const backoffs = reader.f32((order - 1) * CODEBOOK);
  if (counts[0] !== vocabulary) throw invalid("its counts of n-grams are wrong");
  const levels: Level[] = [];
  for (const [at, count] of counts.entries()) {
    const level = { token: reader.u16(count), score: reader.u8(count) };
    levels.push(
      at === order - 1 ? level : { ...level, backoff: reader.u8(count), children: reader.u16(count) },
    );
  }
  if (!reader.atEnd) throw invalid("its n-grams are not as many as its counts say");
  const { backoff, first, ...nodes } = nodesOf(levels, backoffs);
  return {
    vocabulary,
    prior,
    logProb: Float32Array.from(levels[0].score, (code) => scores[code]),
    scores,
    backoffs,
    backoff,
    firstBase: first,
    firstOffset: new Uint16Array(first.length),
    shift: 0,
    ...nodes,
    ...recordsOf(levels, vocabulary),
  };
}

function nodesOf(levels: readonly Level[], backoffs: Float32Array) {
  const inner = levels.slice(1, -1).reduce((sum, { token }) => sum + token.length, 0);
  const isNode = new Uint32Array(Math.ceil(inner / 32));
  const nodesBefore = new Uint32Array(Math.ceil(isNode.length / RANK_WORDS));
  const backoff: number[] = [];
  const first: number[] = [];
  let ngram = -levels[0].token.length; // of two tokens and more
  let child = 0;
  for (const [at, level] of levels.slice(0, -1).entries()) {
    const end = child + levels[at + 1].token.length;
    for (let index = 0; index < level.token.length; index++, ngram++) {
      const code = at * CODEBOOK + level.backoff![index];
      const children = level.children![index];
      if (ngram >= 0) {
        if (ngram % (32 * RANK_WORDS) === 0)
          nodesBefore[ngram / (32 * RANK_WORDS)] = backoff.length - levels[0].token.length;
        if (children === 0 && backoffs[code] === 0) continue;
        isNode[ngram >>> 5] |= 1 << (ngram & 31);
      }
      backoff.push(code);
      first.push(child);
      child += children;
    }
    if (child !== end) throw invalid("its n-grams are no tree");
  }
  first.push(child);
  return { inner, isNode, nodesBefore, backoff: Uint16Array.from(backoff), first: Uint32Array.from(first) };
}

function recordsOf(levels: readonly Level[], vocabulary: number) {
  const tokenBits = Math.max(1, 32 - Math.clz32(vocabulary - 1));
  const scoreBits = 32 - Math.clz32(levels.length * CODEBOOK - 1);
  const bits = tokenBits + scoreBits;
  const count = levels.slice(1).reduce((sum, { token }) => sum + token.length, 0);
  const records = new Uint32Array(Math.ceil((count * bits) / 32) + 1);
  let bit = 0;
  for (const [at, { token, score }] of levels.entries()) {
    if (at === 0) continue;
    for (let index = 0; index < token.length; index++, bit += bits) {
      const record = token[index] | ((at * CODEBOOK + score[index]) << tokenBits);
      const skipped = bit & 31;
      records[bit >>> 5] |= record << skipped;
      records[(bit >>> 5) + 1] |= (record >>> 1) >>> (31 - skipped);
    }
  }
  return { records, tokenBits, scoreBits };
}
