/**
 * The file of an n-gram language model over tokens, as training/language_model writes it. All numbers are little-endian;
 * scores are natural logarithms. Version 2, in which every array stands at a multiple of its numbers' size:
 *
 *   "NGLM", u32: 2, order n ≥ 2, vocabulary size V, n-grams N of two tokens and more, those of them M with less than n, those of M
 *     with longer ones behind them E, bits of a token and of a score, shift
 *   f32[V] log probability of each token in what the acoustic model was trained to write
 *   f32[V] log probability of each token without a history, f32[2^bits of a score] the others', f32[256] backoff weights
 *   u32[(V + E) >> shift, + 1] bases of first n-grams
 *   u32[M / 32] bits of the n-grams that have longer ones behind them, u32[of each eighth of these] how many come before it
 *   u32[N · bits / 32, + 1] records, u16[V + E + 1] offsets of first n-grams, u8[V + E] backoff weights
 *
 * `Ngrams` tells what they are. Version 1 is read by read-old-ngrams.ts.
 */
import type { PackError } from "../errors.ts";
import { bitsIn, firstOf, type Ngrams, nodesBefore, RANK_WORDS } from "./ngrams.ts";
import { readOldNgrams } from "./read-old-ngrams.ts";
import { invalid, SectionReader } from "./section-reader.ts";

const MAGIC = 0x4d4c474e;
const MOST_ORDERS = 8;
const BACKOFFS = 256;
const MOST_BITS = 16;

/** Views of the bytes, which must not change. Throws PackError pack_invalid where they are no such model, or one of other tokens. */
export function readNgrams(bytes: Uint8Array, vocabulary: number): Ngrams {
  const reader = new SectionReader(bytes);
  const [magic, version] = reader.u32(2);
  if (magic !== MAGIC) throw invalid("it does not begin like one");
  if (version !== 1 && version !== 2) {
    throw invalid(`it is of version ${version}, and this engine reads 1 and 2`);
  }
  const [order, size] = reader.u32(2);
  if (order < 2 || order > MOST_ORDERS) throw invalid(`its order is ${order}, not 2 to ${MOST_ORDERS}`);
  if (size !== vocabulary) throw invalid(`it is of ${size} tokens, and the model has ${vocabulary}`);
  return version === 1 ? readOldNgrams(reader, order, size) : readSections(reader, order, size);
}

function readSections(reader: SectionReader, order: number, vocabulary: number): Ngrams {
  const [count, inner, extended, tokenBits, scoreBits, shift] = reader.u32(6);
  const bits = tokenBits + scoreBits;
  if (tokenBits > MOST_BITS || scoreBits > MOST_BITS || 2 ** tokenBits < vocabulary || shift > MOST_BITS) {
    throw invalid("its widths are wrong");
  }
  if (inner > count || extended > inner || count * bits >= 2 ** 32)
    throw invalid("its counts of n-grams are wrong");
  const nodes = vocabulary + extended;
  const words = Math.ceil(inner / 32);
  const ngrams: Ngrams = {
    vocabulary,
    inner,
    tokenBits,
    scoreBits,
    shift,
    prior: reader.f32(vocabulary),
    logProb: reader.f32(vocabulary),
    scores: reader.f32(2 ** scoreBits),
    backoffs: reader.f32(BACKOFFS),
    firstBase: reader.u32((nodes >>> shift) + 1),
    isNode: reader.u32(words),
    nodesBefore: reader.u32(Math.ceil(words / RANK_WORDS)),
    records: reader.u32(Math.ceil((count * bits) / 32) + 1),
    firstOffset: reader.u16(nodes + 1),
    backoff: reader.u8(nodes),
  };
  if (!reader.atEnd) throw invalid("its n-grams are not as many as its counts say");
  checkTree(ngrams, order, count, nodes);
  return ngrams;
}

/**
 * That the arrays are a tree as deep as the order says: no search can then leave them, or go round in them. It looks at the
 * nodes only, a few hundred thousand.
 */
function checkTree(ngrams: Ngrams, order: number, count: number, nodes: number): void {
  const { vocabulary, inner, isNode } = ngrams;
  let found = 0;
  for (const [at, word] of isNode.entries()) {
    if (at % RANK_WORDS === 0 && ngrams.nodesBefore[at / RANK_WORDS] !== found) throw damaged();
    found += bitsIn(word);
  }
  if (vocabulary + found !== nodes || firstOf(ngrams, 0) !== 0 || firstOf(ngrams, nodes) !== count)
    throw damaged();
  for (let node = 0; node < nodes; node++) {
    if (firstOf(ngrams, node) > firstOf(ngrams, node + 1)) throw damaged();
  }
  // Of each length all n-grams but the longest, and the nodes among them.
  let ngram = 0;
  let end = vocabulary;
  for (let length = 2; length < order; length++) {
    ngram = firstOf(ngrams, end);
    if (ngram > inner) throw damaged();
    end = ngram === inner ? nodes : vocabulary + nodesBefore(ngrams, ngram);
  }
  if (ngram !== inner || end !== nodes) throw damaged();
}

function damaged(): PackError {
  return invalid("its n-grams are no tree");
}
