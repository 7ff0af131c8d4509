import { SAMPLE_RATE } from "./types.ts";

/** Peaks at most; at least half as many of a recording that is long enough. */
const MOST_PEAKS = 1000;
/** The finest step: a twentieth of a second. */
const FIRST_STEP = SAMPLE_RATE / 20;

/**
 * How loud a recording is along its time, to be drawn: the largest sample of each stretch, in percent of full scale, over
 * all channels. Whatever its length there are a thousand of them at most: when there are more, two become one.
 */
export class Peaks {
  readonly #peaks = new Float32Array(MOST_PEAKS); // of stretches of #step samples each
  #count = 0;
  #step = FIRST_STEP;
  #peak = 0;
  #inStep = 0;

  /** `channels`: arrays of equal length, at 16 kHz. */
  push(channels: readonly Float32Array[]): void {
    const [{ length }] = channels;
    for (let from = 0; from < length; ) {
      const to = Math.min(length, from + this.#step - this.#inStep);
      for (const samples of channels) this.#peak = Math.max(this.#peak, largest(samples, from, to));
      this.#inStep += to - from;
      from = to;
      if (this.#inStep === this.#step) this.#close();
    }
  }

  /** Integers from 0 to 100, for stretches of equal length but for the last. */
  values(): number[] {
    const all = [...this.#peaks.subarray(0, this.#count), ...(this.#inStep > 0 ? [this.#peak] : [])];
    return all.map((peak) => Math.min(100, Math.round(peak * 100)));
  }

  #close(): void {
    this.#peaks[this.#count++] = this.#peak;
    this.#peak = 0;
    this.#inStep = 0;
    // One place is left for what has only begun.
    if (this.#count === MOST_PEAKS) this.#halve();
  }

  #halve(): void {
    this.#count /= 2;
    this.#step *= 2;
    for (let at = 0; at < this.#count; at++)
      this.#peaks[at] = Math.max(this.#peaks[2 * at], this.#peaks[2 * at + 1]);
  }
}

function largest(samples: Float32Array, from: number, to: number): number {
  let most = 0;
  for (let at = from; at < to; at++) {
    const size = Math.abs(samples[at]);
    if (size > most) most = size;
  }
  return most;
}
