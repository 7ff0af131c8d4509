/**
 * CTC forced alignment: the best path of a known token sequence through the full log-probs (Viterbi over the target
 * with a blank before, between and after its tokens; two equal tokens need the blank between them).
 *
 * Exact in float64 over float32 inputs: checked against all paths of small tables. Of equal paths the one is taken
 * that, seen from the end, stays longest where it is, then moves to the neighbour, then skips a blank.
 */

export interface CtcLogProbs {
  /** Natural logarithms over the whole vocabulary. */
  logProbs: Float32Array; // [frames, vocab]
  frames: number;
  vocab: number;
}

export interface TokenSpan {
  startFrame: number;
  /** Exclusive. */
  endFrame: number;
  /** Where in the span the token is most probable; the first of equals. */
  peakFrame: number;
}

/** One alignment without keeping its buffers. */
export function alignTokens(ctc: CtcLogProbs, tokens: Int32Array, blank: number): TokenSpan[] | null {
  return new ForcedAligner().align(ctc, tokens, blank);
}

/** Back-pointers beyond this many are not kept for the next utterance. */
const KEPT_STEPS = 1 << 24;

const UNREACHED = Number.NEGATIVE_INFINITY;

/** An aligner that keeps its buffers from one utterance to the next. */
export class ForcedAligner {
  private scores = new Float64Array(0); // [states], states = 2n + 1
  private steps = new Uint8Array(0); // [frames, states], by how many states the best path moved

  /** A span for each token, in order and without overlap; null when no path exists (too few frames). */
  align(ctc: CtcLogProbs, tokens: Int32Array, blank: number): TokenSpan[] | null {
    if (tokens.length === 0) return [];
    const { frames } = ctc;
    if (frames < tokens.length) return null;
    const states = 2 * tokens.length + 1;
    this.reserve(frames, states);
    this.forward(ctc, tokens, blank);
    const last = this.scores[states - 1] > this.scores[states - 2] ? states - 1 : states - 2;
    const found = this.scores[last] > UNREACHED;
    const spans = found ? this.backward(ctc, tokens, last) : null;
    if (this.steps.length > KEPT_STEPS) this.steps = new Uint8Array(0);
    return spans;
  }

  private reserve(frames: number, states: number): void {
    if (this.scores.length < states) this.scores = new Float64Array(states);
    if (this.steps.length < frames * states) this.steps = new Uint8Array(frames * states);
    this.scores.fill(UNREACHED, 0, states);
  }

  /** State 2i + 1 is token i, the even ones are blanks. */
  private forward({ logProbs, frames, vocab }: CtcLogProbs, tokens: Int32Array, blank: number): void {
    const { scores, steps } = this;
    const states = 2 * tokens.length + 1;
    scores[0] = logProbs[blank];
    scores[1] = logProbs[tokens[0]];
    for (let frame = 1; frame < frames; frame++) {
      const row = frame * vocab;
      // Only states that the start reaches by now, and that still reach the end.
      const from = Math.max(0, states - 2 * (frames - frame));
      const to = Math.min(states - 1, 2 * frame + 1);
      // Downwards, because a state reads the older scores of those below it.
      for (let state = to; state >= from; state--) {
        let best = scores[state];
        let step = 0;
        if (state >= 1 && scores[state - 1] > best) {
          best = scores[state - 1];
          step = 1;
        }
        const token = state & 1 ? tokens[state >> 1] : blank;
        const skips = state >= 3 && (state & 1) === 1 && token !== tokens[(state >> 1) - 1];
        if (skips && scores[state - 2] > best) {
          best = scores[state - 2];
          step = 2;
        }
        scores[state] = best + logProbs[row + token];
        steps[frame * states + state] = step;
      }
    }
  }

  private backward({ logProbs, frames, vocab }: CtcLogProbs, tokens: Int32Array, last: number): TokenSpan[] {
    const { steps } = this;
    const states = 2 * tokens.length + 1;
    const spans = Array.from(tokens, (): TokenSpan => ({ startFrame: 0, endFrame: 0, peakFrame: 0 }));
    let state = last;
    for (let frame = frames - 1; frame >= 0; frame--) {
      if (state & 1) {
        const span = spans[state >> 1];
        const token = tokens[state >> 1];
        if (span.endFrame === 0) {
          span.endFrame = frame + 1;
          span.peakFrame = frame;
        } else if (logProbs[frame * vocab + token] >= logProbs[span.peakFrame * vocab + token]) {
          span.peakFrame = frame;
        }
        span.startFrame = frame;
      }
      if (frame > 0) state -= steps[frame * states + state];
    }
    return spans;
  }
}
