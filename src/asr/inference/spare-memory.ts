import { free } from "./free.ts";

/**
 * Memory from one batch to the next. Of 64 clips of 15 s, new memory took six times the time to fill that kept memory takes:
 * the system hands it out page by page (bench/NOTES.md).
 */
export class SpareMemory {
  #kept: Float32Array | null = null;

  /** So many numbers, whatever they are. Nobody else has them until they are put back. */
  take(length: number): Float32Array {
    const kept = this.#kept;
    this.#kept = null;
    if (kept && kept.length >= length) return kept.subarray(0, length);
    if (kept) free(kept);
    return new Float32Array(length);
  }

  /** What was taken; the larger one is kept. */
  put(taken: Float32Array): void {
    const whole = new Float32Array(taken.buffer);
    const other = this.#kept;
    this.#kept = other && other.length > whole.length ? other : whole;
    if (other) free(this.#kept === whole ? other : whole);
  }
}
