/** The best tokens of each frame, as the encoder gives them to the beam search. */
import { EngineError } from "../errors.ts";

export interface FrameCandidates {
  /** Natural logarithms, best first in each frame. */
  logProbs: Float32Array; // [frames, k]
  /** All different within a frame. */
  tokens: Int32Array; // [frames, k]
  frames: number;
  k: number;
}

/** How far above 0 half-precision arithmetic may push a log-prob. */
const ROUNDING = 0.01;

/** The token's log-prob among the `width` candidates that begin at `row`, −∞ when it is not one of them. */
export function logProbIn(
  logProbs: Float32Array,
  tokens: Int32Array,
  row: number,
  width: number,
  token: number,
): number {
  for (let at = row; at < row + width; at++) if (tokens[at] === token) return logProbs[at];
  return Number.NEGATIVE_INFINITY;
}

/** A frame that gives nothing any probability would empty the beam; one that is not a number would poison it. */
export function checkFrame({ logProbs, k }: FrameCandidates, frame: number, width: number): void {
  const row = frame * k;
  let valid = logProbs[row] > Number.NEGATIVE_INFINITY;
  for (let at = row; at < row + width; at++) valid &&= logProbs[at] <= ROUNDING;
  if (!valid) {
    throw new EngineError("engine_failed", `The model gave no usable probabilities at frame ${frame}.`);
  }
}
