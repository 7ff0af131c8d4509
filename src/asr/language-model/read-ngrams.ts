/**
 * The file of an n-gram language model over tokens, as training/language_model/learn.py writes it. All numbers are little-endian;
 * scores are natural logarithms, one byte each, which names a value of its order's codebook.
 *
 *   "NGLM", u32 version, u32 order n ≥ 2, u32 vocabulary size V, u32[n] n-grams of each order (V of order 1)
 *   f32[V] log probability of each token in what the acoustic model was trained to write
 *   f32[n][256] log-probs, f32[n − 1][256] backoff weights of all orders but the last
 *   of each order: u16[count] last tokens, u8[count] log-probs; but for the last order u8[count] backoff weights and
 *   u16[count] how many n-grams of the next order begin with it
 *
 * The n-grams of an order stand in the order of those they begin with, then of their last token; order 1 is every token.
 */
import { PackError } from "../errors.ts";

const MAGIC = 0x4d4c474e;
const VERSION = 1;
const MOST_ORDERS = 8;
const CODEBOOK = 256;

/** A tree: each n-gram is a node, and the n-grams one token longer are its children. The first V nodes are the tokens. */
export interface Ngrams {
  order: number;
  vocabulary: number;
  prior: Float32Array; // [V] log probability of each token in what the acoustic model was trained to write
  token: Uint16Array; // [nodes] the n-gram's last
  logProb: Float32Array; // [nodes] of that token after the others
  backoff: Float32Array; // [inner] of nodes that may have children: all but the last order's, which come behind them
  firstChild: Uint32Array; // [inner + 1] children of a node are firstChild[node] … firstChild[node + 1] − 1
}

/** Throws PackError pack_invalid where the bytes are no such model, or one of other tokens. */
export function readNgrams(bytes: Uint8Array, vocabulary: number): Ngrams {
  const reader = new Reader(bytes);
  const [magic, version, order, size] = reader.u32(4);
  if (magic !== MAGIC || version !== VERSION) throw invalid("it does not begin like one");
  if (order < 2 || order > MOST_ORDERS) throw invalid(`its order is ${order}, not 2 to ${MOST_ORDERS}`);
  if (size !== vocabulary) throw invalid(`it is of ${size} tokens, and the model has ${vocabulary}`);
  const counts = reader.u32(order);
  const prior = reader.f32(size);
  const logProbs = Array.from({ length: order }, () => reader.f32(CODEBOOK));
  const backoffs = Array.from({ length: order - 1 }, () => reader.f32(CODEBOOK));
  const nodes = counts.reduce((sum, count) => sum + count, 0);
  const inner = nodes - counts[order - 1];
  if (counts[0] !== size || nodes > bytes.length) throw invalid("its counts of n-grams are wrong");
  const token = new Uint16Array(nodes);
  const logProb = new Float32Array(nodes);
  const backoff = new Float32Array(inner);
  const firstChild = new Uint32Array(inner + 1);
  let first = 0;
  let child = size;
  for (const [at, count] of counts.entries()) {
    token.set(reader.u16(count), first);
    look(reader.u8(count), logProbs[at], logProb.subarray(first, first + count));
    if (at < order - 1) {
      look(reader.u8(count), backoffs[at], backoff.subarray(first, first + count));
      for (const [index, children] of reader.u16(count).entries()) {
        firstChild[first + index] = child;
        child += children;
      }
    }
    first += count;
  }
  firstChild[inner] = child;
  if (child !== nodes || !reader.atEnd) throw invalid("its n-grams are not as many as its counts say");
  return { order, vocabulary, prior, token, logProb, backoff, firstChild };
}

function look(codes: Uint8Array, codebook: Float32Array, out: Float32Array): void {
  for (let at = 0; at < codes.length; at++) out[at] = codebook[codes[at]];
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  u8(count: number): Uint8Array {
    return new Uint8Array(this.#take(count));
  }

  u16(count: number): Uint16Array {
    return new Uint16Array(this.#take(2 * count));
  }

  u32(count: number): Uint32Array {
    return new Uint32Array(this.#take(4 * count));
  }

  f32(count: number): Float32Array {
    return new Float32Array(this.#take(4 * count));
  }

  /** A copy, since what stands at an odd place cannot be read as numbers of 16 bits. */
  #take(length: number): ArrayBuffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw invalid("it is cut short");
    const taken = new Uint8Array(length);
    taken.set(this.#bytes.subarray(this.#at, end));
    this.#at = end;
    return taken.buffer;
  }
}

function invalid(why: string): PackError {
  return new PackError("pack_invalid", `The pack's language model is not valid: ${why}.`);
}
