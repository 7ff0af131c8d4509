/**
 * An n-gram language model with backoff, asked token by token (Katz's form, as in ARPA files):
 *   log p(t | h) = log-prob of the n-gram h·t where there is one, else backoff(h) + log p(t | h without its first token)
 * Its states are nodes of the tree of n-grams, that of a history being the longest of its ends that is one.
 */
import type { Ngrams } from "./read-ngrams.ts";

export class LanguageModel {
  /** The state before the first token. */
  readonly start: number;
  /** Log probability of each token without any history, in what the acoustic model was trained to write. */
  readonly prior: Float32Array; // [V]
  /** Log probability of the token that the last `step` took. */
  logProb = 0;
  readonly #ngrams: Ngrams;
  /** Of a node of two tokens or more: the node without the first one. */
  readonly #shorter: Uint32Array; // [inner]

  /** `boundary`: the token that stands before the first of a sentence, and after its last. */
  constructor(ngrams: Ngrams, boundary: number) {
    this.start = boundary;
    this.prior = ngrams.prior;
    this.#ngrams = ngrams;
    this.#shorter = shorterNodes(ngrams);
  }

  /** The state after one more token. Its log probability is then in `logProb`. */
  step(state: number, token: number): number {
    const { vocabulary, backoff, logProb } = this.#ngrams;
    let weight = 0;
    let from = state;
    for (;;) {
      const child = childOf(this.#ngrams, from, token);
      if (child >= 0) {
        this.logProb = weight + logProb[child];
        return child < backoff.length ? child : longestEnd(this.#ngrams, this.#shorter, from, token);
      }
      weight += backoff[from];
      if (from < vocabulary) {
        this.logProb = weight + logProb[token];
        return token;
      }
      from = this.#shorter[from];
    }
  }
}

function shorterNodes(ngrams: Ngrams): Uint32Array {
  const { backoff, firstChild, token } = ngrams;
  const shorter = new Uint32Array(backoff.length); // [inner]
  // A node comes before its children, so its own shorter one is known when they need it.
  for (let node = 0; node < backoff.length; node++) {
    const end = Math.min(firstChild[node + 1], backoff.length);
    for (let child = firstChild[node]; child < end; child++) {
      shorter[child] = longestEnd(ngrams, shorter, node, token[child]);
    }
  }
  return shorter;
}

/** The longest node that ends with the token after a history shorter than this node's. */
function longestEnd(ngrams: Ngrams, shorter: Uint32Array, node: number, token: number): number {
  let from = node;
  while (from >= ngrams.vocabulary) {
    from = shorter[from];
    const found = childOf(ngrams, from, token);
    if (found >= 0) return found;
  }
  return token;
}

/** −1 where there is none. */
function childOf({ token, firstChild }: Ngrams, node: number, last: number): number {
  let low = firstChild[node];
  let high = firstChild[node + 1] - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = token[middle];
    if (found === last) return middle;
    if (found < last) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
