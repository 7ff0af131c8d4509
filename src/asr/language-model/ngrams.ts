/**
 * The n-grams of a language model, in the form in which they lie in its file and are searched: nothing is unpacked, so that
 * opening a model takes no time to speak of and all threads can share one copy.
 *
 * An n-gram that longer ones begin with is a node of a tree; so is every single token, even with nothing behind it. Nodes
 * are numbered: first the V tokens, then the others, shorter n-grams first. The n-grams of two tokens and more are numbered in the
 * order of their nodes: those of two tokens first, those with the same beginning together and by their last token.
 */
export interface Ngrams {
  vocabulary: number;
  /** Log probability of each token in what the acoustic model was trained to write. */
  prior: Float32Array; // [V]
  /** Log probability of each token without a history. */
  logProb: Float32Array; // [V]
  /** The values that n-grams' log probabilities have. */
  scores: Float32Array; // [at most 2^scoreBits]
  /** The values that backoff weights have. */
  backoffs: Float32Array;
  /** Of each node, where in `backoffs` its own is. */
  backoff: Uint8Array | Uint16Array; // [nodes]
  /** The n-grams one token longer than a node begin at firstBase[node >>> shift] + firstOffset[node], and end where the next's begin. */
  firstBase: Uint32Array;
  firstOffset: Uint16Array; // [nodes + 1]
  shift: number;
  /** n-grams that may be nodes: all but those of the longest order, which come behind them. */
  inner: number;
  /** One bit for each of these, the lowest of a word first: whether it is a node. */
  isNode: Uint32Array; // [inner / 32]
  /** How many of these are nodes before each eighth word of `isNode`. */
  nodesBefore: Uint32Array;
  /** Of each n-gram its last token in the lowest bits and its place in `scores` in those above, one after the other. */
  records: Uint32Array;
  tokenBits: number;
  scoreBits: number;
}

/** Words of `isNode` for each entry of `nodesBefore`; a power of two. */
export const RANK_WORDS = 8;

export function firstOf({ firstBase, firstOffset, shift }: Ngrams, node: number): number {
  return firstBase[node >>> shift] + firstOffset[node];
}

/** The lowest tokenBits + scoreBits are the n-gram's. */
export function recordOf({ records, tokenBits, scoreBits }: Ngrams, ngram: number): number {
  const bit = ngram * (tokenBits + scoreBits);
  const word = bit >>> 5;
  const skipped = bit & 31;
  // In two steps, since a shift by 32 is none.
  return (records[word] >>> skipped) | ((records[word + 1] << 1) << (31 - skipped));
}

/** The number of the n-gram's node; −1 where nothing longer begins with it. */
export function nodeOf(ngrams: Ngrams, ngram: number): number {
  const { vocabulary, inner, isNode } = ngrams;
  if (ngram >= inner || ((isNode[ngram >>> 5] >>> (ngram & 31)) & 1) === 0) return -1;
  return vocabulary + nodesBefore(ngrams, ngram);
}

/** How many n-grams before this one, which is less than `inner`, are nodes. */
export function nodesBefore(ngrams: Ngrams, ngram: number): number {
  const { isNode } = ngrams;
  const word = ngram >>> 5;
  let before = ngrams.nodesBefore[Math.floor(word / RANK_WORDS)];
  for (let at = word - (word % RANK_WORDS); at < word; at++) before += bitsIn(isNode[at]);
  return before + bitsIn(isNode[word] & ((1 << (ngram & 31)) - 1));
}

/** How many of 32 bits are 1 (Warren, Hacker's Delight, figure 5-2). */
export function bitsIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
