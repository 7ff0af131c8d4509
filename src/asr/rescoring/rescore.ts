/**
 * Attention rescoring of the beam's n-best list with a bidirectional decoder.
 *
 * Reproduces WeNet's `attention_rescoring` (1e-6 in the final score, float32 inputs summed in float64):
 *   attention = (1 − rw)·Σ l2r + rw·Σ r2l, over the tokens and eos;   final = attention + cw·ctc
 * The highest final score wins; of equal ones, the one that stood first in the n-best list.
 */
import { EngineError } from "../errors.ts";

export { type PackedHypotheses, packedWidth, packHypotheses } from "./pack.ts";

export interface RescoreInput {
  nbest: readonly { readonly tokens: Int32Array; readonly ctcScore: number }[]; // N' ≤ N
  /** Log-probs of each hypothesis's tokens, then of eos at index n; what follows is not read. */
  l2r: Float32Array; // [N, L]
  /** The same from the right-to-left decoder, in left-to-right order too. Not read when reverseWeight is 0. */
  r2l: Float32Array; // [N, L]
  /** L, at least one more than the longest hypothesis. */
  width: number;
}

export interface RescoreOptions {
  ctcWeight: number;
  reverseWeight: number;
}

/** A hypothesis in its final place. */
export interface Ranked {
  /** Place in the n-best list that was given. */
  order: number;
  /** Of the utterance: geometric mean probability of its tokens and eos under the decoder, 0 … 1; null where it told none. */
  confidence: number | null;
  tokenConfidences: Float32Array | null; // [n]
}

export interface Rescored extends Ranked {
  final: number;
  attention: number;
  confidence: number;
  tokenConfidences: Float32Array; // [n]
}

/** Best first. */
export function rescore(input: RescoreInput, options: RescoreOptions): Rescored[] {
  const { nbest, width } = input;
  const { ctcWeight, reverseWeight } = options;
  if (!(ctcWeight >= 0) || !(reverseWeight >= 0 && reverseWeight <= 1)) {
    throw new EngineError("invalid_option", "The CTC weight must be 0 or more, the reverse weight 0 … 1.");
  }
  const scored = nbest.map(({ tokens, ctcScore }, order) => {
    if (tokens.length >= width)
      throw new RangeError(`${tokens.length} tokens and eos do not fit into ${width}`);
    const attention = attentionScore(input, order * width, tokens.length, reverseWeight);
    const final = attention + ctcWeight * ctcScore;
    if (Number.isNaN(final)) throw new EngineError("engine_failed", "The decoder's scores are not numbers.");
    const confidence = Math.min(1, Math.exp(attention / (tokens.length + 1)));
    const tokenConfidences = confidences(input, order * width, tokens.length, reverseWeight);
    return { order, final, attention, confidence, tokenConfidences };
  });
  // Sorting is stable, so the first of equals stays first.
  return scored.sort((a, b) => (a.final === b.final ? 0 : b.final - a.final));
}

function attentionScore({ l2r, r2l }: RescoreInput, row: number, n: number, reverseWeight: number): number {
  let left = 0;
  let right = 0;
  for (let at = row; at <= row + n; at++) {
    left += l2r[at];
    if (reverseWeight > 0) right += r2l[at];
  }
  // A weight of 0 must silence even −∞, and 0 × −∞ would not.
  if (reverseWeight === 0) return left;
  return reverseWeight === 1 ? right : (1 - reverseWeight) * left + reverseWeight * right;
}

function confidences(
  { l2r, r2l }: RescoreInput,
  row: number,
  n: number,
  reverseWeight: number,
): Float32Array {
  const out = new Float32Array(n); // [n]
  for (let j = 0; j < n; j++) {
    const left = Math.exp(l2r[row + j]);
    const both = reverseWeight === 0 ? left : (left + Math.exp(r2l[row + j])) / 2;
    out[j] = Math.min(1, both);
  }
  return out;
}
