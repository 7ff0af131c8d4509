import { MAX_CHUNK } from "./sample-stream.ts";
import { SAMPLE_RATE } from "./types.ts";

/** Shorter than this is the rounding of a container or the jitter of a recorder, not a gap. */
const GAP = 0.04 * SAMPLE_RATE;

/** Longer than this is a clock that was set, not a drop-out: no player waits for it. */
const LONGEST_GAP = 3600 * SAMPLE_RATE;

/** Silence, given out again and again. */
const SILENCE = new Float32Array(MAX_CHUNK);

/**
 * Puts samples where their times say. Where the next ones come later than those before them ended, because a
 * stream starts late, a packet was lost or damaged, or nobody spoke, silence fills the gap. Samples are never
 * dropped and never moved forward of each other: where times overlap, they follow on.
 */
export class Timeline {
  #written = 0;
  #shift = 0;

  /** Samples per channel so far, silence included. */
  get samples(): number {
    return this.#written;
  }

  /** Chunks of silence that are due before samples of this time; a lie about hours is not held in memory. */
  *until(milliseconds: number, channels: number): Generator<Float32Array[]> {
    const due = Math.round((milliseconds * SAMPLE_RATE) / 1000) - this.#shift;
    let gap = due - this.#written;
    if (gap > LONGEST_GAP) this.#shift += gap;
    if (gap <= GAP || gap > LONGEST_GAP) return;
    while (gap > 0) {
      const length = Math.min(gap, MAX_CHUNK);
      gap -= length;
      this.#written += length;
      yield Array.from({ length: channels }, () => SILENCE.subarray(0, length));
    }
  }

  /** So many samples per channel were written. */
  wrote(samples: number): void {
    this.#written += samples;
  }
}
