/** The latest samples of a stream, addressed by their index in the whole stream. */
export class SampleRing {
  readonly #samples: Float32Array;
  #end = 0;

  constructor(capacity: number) {
    this.#samples = new Float32Array(capacity);
  }

  /** Index of the sample that comes next: the number of samples so far. */
  get end(): number {
    return this.#end;
  }

  /** Append at most `capacity` samples, forgetting the oldest. */
  push(samples: Float32Array): void {
    const at = this.#end % this.#samples.length;
    const first = Math.min(samples.length, this.#samples.length - at);
    this.#samples.set(samples.subarray(0, first), at);
    this.#samples.set(samples.subarray(first), 0);
    this.#end += samples.length;
  }

  /** A copy of the samples from `start` to before `end`. */
  slice(start: number, end: number): Float32Array {
    const capacity = this.#samples.length;
    if (start < 0 || start < this.#end - capacity || end > this.#end) {
      throw new RangeError(
        `Samples ${start}..${end} are not among the latest ${capacity} before ${this.#end}.`,
      );
    }
    const out = new Float32Array(end - start);
    const at = start % capacity;
    const first = Math.min(out.length, capacity - at);
    out.set(this.#samples.subarray(at, at + first));
    out.set(this.#samples.subarray(0, out.length - first), first);
    return out;
  }
}
