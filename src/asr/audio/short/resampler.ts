/** Zero crossings of the filter on both sides together, its shape and its passband: libswresample's defaults. */
const CROSSINGS = 32;
const KAISER_BETA = 9;
const CUTOFF = 0.97;

/**
 * Brings one channel from one sample rate to another as ffmpeg does: a sinc under a Kaiser window in as many phases as
 * the ratio has, mirrored at both ends (libswresample/resample.c; equal to 1e-6). Between equal rates it changes
 * nothing. What comes out does not depend on how the samples were divided over calls.
 */
export class Resampler {
  /** The ratio in lowest terms: `#step` samples in for `#phases` out. */
  readonly #step: number;
  readonly #phases: number;
  /** One filter of `#taps` for each phase. */
  readonly #filters: readonly Float64Array[];
  readonly #taps: number;
  /** Samples that are still needed; `#filled` of them are. The first stands `#taps` before the recording's start. */
  #held: Float64Array;
  #filled = 0;
  /** Where the next output's window begins, in `#held`, and its phase. */
  #at: number;
  #phase = 0;
  /** The beginning, for mirroring, is not complete. */
  #starting = true;

  constructor(from: number, to: number) {
    const divisor = greatestCommonDivisor(from, to);
    this.#step = from / divisor;
    this.#phases = to / divisor;
    const factor = to >= from ? 1 : Math.min(1, (to / from) * CUTOFF);
    const taps = Math.ceil(CROSSINGS / factor);
    this.#taps = from === to ? 0 : taps + (taps % 2);
    this.#filters = from === to ? [] : filtersOf(this.#taps, this.#phases, factor);
    this.#held = new Float64Array(2 * this.#taps + 1);
    this.#filled = this.#taps;
    this.#at = this.#taps - ((this.#taps - 1) >> 1);
  }

  /** Take in the next samples; returns what can be said after them. */
  push(samples: Float32Array): Float32Array {
    if (this.#taps === 0) return samples.slice();
    this.#hold(samples);
    if (this.#starting) {
      if (this.#filled <= 2 * this.#taps) return new Float32Array();
      this.#mirrorStart(this.#taps);
    }
    return this.#filtered();
  }

  /** The recording has ended; returns what is left. */
  flush(): Float32Array {
    const given = this.#filled - this.#taps;
    if (this.#taps === 0 || (this.#starting && given === 0)) return new Float32Array();
    if (this.#starting) this.#mirrorStart(given - 1);
    const mirrored = Math.min((this.#taps + 1) >> 1, this.#filled);
    this.#hold(this.#held.slice(this.#filled - mirrored, this.#filled).reverse());
    return this.#filtered();
  }

  #hold(samples: ArrayLike<number>): void {
    const needed = this.#filled + samples.length;
    if (needed > this.#held.length) {
      const larger = new Float64Array(2 * needed);
      larger.set(this.#held.subarray(0, this.#filled));
      this.#held = larger;
    }
    this.#held.set(samples, this.#filled);
    this.#filled = needed;
  }

  #mirrorStart(known: number): void {
    for (let n = 1; n <= known; n++) this.#held[this.#taps - n] = this.#held[this.#taps + n]!;
    this.#starting = false;
  }

  #filtered(): Float32Array {
    const held = this.#held;
    const taps = this.#taps;
    const room = Math.ceil(((this.#filled - this.#at + this.#step) * this.#phases) / this.#step);
    const out = new Float32Array(Math.max(0, room));
    let count = 0;
    for (; this.#at + taps <= this.#filled; this.#advance()) {
      out[count++] = weighted(this.#filters[this.#phase]!, held, this.#at);
    }
    const kept = Math.min(this.#at, this.#filled);
    held.copyWithin(0, kept, this.#filled);
    this.#filled -= kept;
    this.#at -= kept;
    return out.subarray(0, count);
  }

  #advance(): void {
    this.#phase += this.#step;
    this.#at += Math.floor(this.#phase / this.#phases);
    this.#phase %= this.#phases;
  }
}

/** Sum of a filter's taps on the samples from `at` on. */
function weighted(filter: Float64Array, samples: Float64Array, at: number): number {
  const taps = filter.length;
  // Sums that do not wait for each other. The number of taps is even, so that two may be left.
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i + 3 < taps; i += 4, at += 4) {
    a += filter[i]! * samples[at]!;
    b += filter[i + 1]! * samples[at + 1]!;
    c += filter[i + 2]! * samples[at + 2]!;
    d += filter[i + 3]! * samples[at + 3]!;
  }
  for (; i < taps; i++, at++) a += filter[i]! * samples[at]!;
  return a + b + c + d;
}

/** Made once for each ratio: they take longer to make than a clip takes to filter. */
const made = new Map<string, readonly Float64Array[]>();

function filtersOf(taps: number, phases: number, factor: number): readonly Float64Array[] {
  const key = `${taps} ${phases} ${factor}`;
  const filters = made.get(key) ?? makeFilters(taps, phases, factor);
  made.set(key, filters);
  return filters;
}

function makeFilters(taps: number, phases: number, factor: number): Float64Array[] {
  const center = (taps - 1) >> 1;
  return Array.from({ length: phases }, (_, phase) => {
    const filter = Float64Array.from({ length: taps }, (_, i) => {
      const x = Math.PI * (i - center - phase / phases) * factor;
      const w = (2 * x) / (factor * taps * Math.PI);
      return (x === 0 ? 1 : Math.sin(x) / x) * bessel(KAISER_BETA * Math.sqrt(Math.max(0, 1 - w * w)));
    });
    const sum = filter.reduce((total, value) => total + value, 0);
    return filter.map((value) => value / sum);
  });
}

/** Modified Bessel function of the first kind and order 0, by its series. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
