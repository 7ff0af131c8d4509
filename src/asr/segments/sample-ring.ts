/** The latest samples of a stream, addressed by their index in the whole stream. */
export class SampleRing {
  readonly #capacity: number;
  /** Grows up to the capacity, since most recordings are shorter; only then does it wrap around. */
  #samples = new Float32Array(0);
  /** Index of the sample that comes next: the number of samples so far. */
  #end = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Append at most `capacity` samples, forgetting the oldest. */
  push(samples: Float32Array): void {
    const needed = Math.min(this.#capacity, this.#end + samples.length);
    if (this.#samples.length < needed) this.#grow(needed);
    const at = this.#end % this.#samples.length;
    const first = Math.min(samples.length, this.#samples.length - at);
    this.#samples.set(samples.subarray(0, first), at);
    this.#samples.set(samples.subarray(first), 0);
    this.#end += samples.length;
  }

  #grow(needed: number): void {
    const larger = new Float32Array(Math.min(this.#capacity, Math.max(needed, 2 * this.#samples.length)));
    larger.set(this.#samples.subarray(0, this.#end));
    this.#samples = larger;
  }

  /** A copy of the samples from `start` to before `end`. */
  slice(start: number, end: number): Float32Array {
    const capacity = this.#capacity;
    if (start < 0 || start < this.#end - capacity || end > this.#end) {
      throw new RangeError(
        `Samples ${start}..${end} are not among the latest ${capacity} before ${this.#end}.`,
      );
    }
    const out = new Float32Array(end - start);
    const at = start % this.#samples.length;
    const first = Math.min(out.length, this.#samples.length - at);
    out.set(this.#samples.subarray(at, at + first));
    out.set(this.#samples.subarray(0, out.length - first), first);
    return out;
  }
}
