/**
 * An n-gram language model with backoff, asked token by token (Katz's form, as in ARPA files):
 *   log p(t | h) = log-prob of the n-gram h·t where there is one, else backoff(h) + log p(t | h without its first token)
 * Its states are nodes of the tree of n-grams, that of a history being the longest of its ends that is one.
 */
import { firstOf, type Ngrams, nodeOf, recordOf } from "./ngrams.ts";

export class LanguageModel {
  /** The state before the first token. */
  readonly start: number;
  /** Log probability of each token without any history, in what the acoustic model was trained to write. */
  readonly prior: Float32Array; // [V]
  /** Log probability of the token that the last `step` took. */
  logProb = 0;
  readonly #ngrams: Ngrams;
  readonly #tokens: number; // lowest bits of a record that are its token
  /** Of a node that was a state: the longest of its ends that is another node, + 1. Memory only where it is written. */
  readonly #shorter: Uint32Array; // [nodes]

  /** `boundary`: the token that stands before the first of a sentence, and after its last. */
  constructor(ngrams: Ngrams, boundary: number) {
    this.start = boundary;
    this.prior = ngrams.prior;
    this.#ngrams = ngrams;
    this.#tokens = 2 ** ngrams.tokenBits - 1;
    this.#shorter = new Uint32Array(ngrams.backoff.length);
  }

  /** The state after one more token. Its log probability is then in `logProb`. */
  step(state: number, token: number): number {
    const { vocabulary, backoffs, backoff, logProb, scores, tokenBits, scoreBits } = this.#ngrams;
    let weight = 0;
    let from = state;
    for (;;) {
      const ngram = this.#find(from, token);
      if (ngram >= 0) {
        const place = (recordOf(this.#ngrams, ngram) >>> tokenBits) & (2 ** scoreBits - 1);
        this.logProb = weight + scores[place];
        return this.#after(from, token, ngram);
      }
      weight += backoffs[backoff[from]];
      if (from < vocabulary) {
        this.logProb = weight + logProb[token];
        return token;
      }
      from = this.#shorter[from] - 1;
    }
  }

  /** The longest node that ends with the token after this state, given the n-gram that they make, or −1 for none. */
  #after(state: number, token: number, ngram: number): number {
    const node = ngram < 0 ? -1 : nodeOf(this.#ngrams, ngram);
    if (node < 0) return this.#afterShorter(state, token);
    if (this.#shorter[node] === 0) this.#shorter[node] = this.#afterShorter(state, token) + 1;
    return node;
  }

  #afterShorter(state: number, token: number): number {
    if (state < this.#ngrams.vocabulary) return token;
    const shorter = this.#shorter[state] - 1;
    return this.#after(shorter, token, this.#find(shorter, token));
  }

  /** The number of the n-gram, −1 where there is none. */
  #find(node: number, token: number): number {
    const ngrams = this.#ngrams;
    let low = firstOf(ngrams, node);
    let high = firstOf(ngrams, node + 1) - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = recordOf(ngrams, middle) & this.#tokens;
      if (found === token) return middle;
      if (found < token) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}
