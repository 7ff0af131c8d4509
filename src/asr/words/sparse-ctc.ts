/** What forced alignment reads of CTC's log-probs, made from the best few of each frame, where all of them are on a card. */
import type { FrameCandidates } from "../beam/prefix-beam.ts";
import type { ForcedAligner, TokenSpan } from "./align.ts";

/** Shares of a frame below this are rounding. */
const LEAST_REST = 1e-6;

/**
 * Align tokens that a search over these candidates has found, so that a path through them exists. A token that is not
 * among a frame's candidates gets an even share of what they leave of its probability. `vocabularySize`: all tokens.
 */
export function alignSparse(
  aligner: ForcedAligner,
  candidates: FrameCandidates,
  tokens: Int32Array,
  blank: number,
  vocabularySize: number,
): TokenSpan[] | null {
  const columns = new Map<number, number>([[blank, 0]]);
  for (const token of tokens) if (!columns.has(token)) columns.set(token, columns.size);
  const { frames, k } = candidates;
  const width = columns.size;
  const logProbs = new Float32Array(frames * width); // [frames, width]
  for (let frame = 0; frame < frames; frame++) {
    const row = logProbs.subarray(frame * width, (frame + 1) * width);
    row.fill(elsewhere(candidates, frame, vocabularySize));
    for (let place = frame * k; place < (frame + 1) * k; place++) {
      const column = columns.get(candidates.tokens[place]);
      if (column !== undefined) row[column] = candidates.logProbs[place];
    }
  }
  const mapped = tokens.map((token) => columns.get(token) as number);
  return aligner.align({ logProbs, frames, vocab: width }, mapped, 0);
}

/** Log-prob of a token that is none of the frame's candidates: no more than the least of them has. */
function elsewhere({ logProbs, k }: FrameCandidates, frame: number, vocabularySize: number): number {
  const range = logProbs.subarray(frame * k, (frame + 1) * k); // best first
  const rest = 1 - range.reduce((sum, logProb) => sum + Math.exp(logProb), 0);
  const share = Math.log(Math.max(rest, LEAST_REST) / Math.max(1, vocabularySize - k));
  return Math.min(share, range[k - 1]);
}
