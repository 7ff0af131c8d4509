import { Fft } from "./fft.ts";

/** Samples of one analysis window (32 ms) and from one to the next. */
const WINDOW = 512;
const HOP = WINDOW / 2;
const BINS = WINDOW / 2 + 1;

/** How much of the past a bin remembers from hop to hop: about 80 ms. */
const MEMORY = 0.8;

/**
 * Two channels cancel in a bin where this much of their joint power is opposed: their sum has lost 6 dB on what it
 * would be if they had nothing to do with each other. By chance that hardly ever happens over 80 ms.
 */
const OPPOSED = -0.75;

/** Bins to each side that are judged together. */
const SPREAD = 2;

/** Opposed bins with less than this share of a window's power carry no voice that could be heard beside the rest. */
const HEARD = 0.03;

/** Share of the power by which channels may differ and still say the same. */
const ALIKE = 1e-3;

/** sqrt of a periodic Hann window: squared and overlapped by half it sums to 1. */
const SHAPE = Float64Array.from({ length: WINDOW }, (_, i) => Math.sin((Math.PI * i) / WINDOW));

/**
 * Mixes channels to one by their weighted mean, except that a frequency in which a channel is opposed in phase to
 * the others, and would cancel with them, is turned around first. So a voice recorded with a swapped cable, in one
 * channel or as one speaker of two, is kept (phase alignment as in passive downmixing; Samsudin et al., "A
 * stereo to mono downmixing scheme for MPEG-4 parametric stereo encoder", ICASSP 2006). Where nothing is opposed
 * the output is the mean to the bit. What comes out does not depend on how the samples were divided over calls.
 */
export class PhaseMixer {
  readonly #weights: readonly number[];
  readonly #fft = new Fft(WINDOW);
  /** The latest WINDOW samples of each channel; the first hop of a recording comes after silence. */
  readonly #recent: Float64Array[];
  /** The mean of the second half of `recent`, and what remains to be added to it. */
  readonly #mean = new Float64Array(WINDOW);
  readonly #correction = new Float64Array(WINDOW);
  readonly #real: Float64Array[];
  readonly #imaginary: Float64Array[];
  readonly #cross: Float64Array[];
  readonly #power: Float64Array[];
  readonly #sumReal = new Float64Array(BINS);
  readonly #sumImaginary = new Float64Array(BINS);
  #filled = HOP;
  /** Windows compared in a row; one alone may be opposed by chance. */
  #compared = 0;
  /** Samples still to be left out: the silence before the beginning. */
  #lead = HOP;

  /** @param weights one for each channel; their sum is at most 1. */
  constructor(weights: readonly number[]) {
    this.#weights = weights;
    const perChannel = (length: number) => weights.map(() => new Float64Array(length));
    this.#recent = perChannel(WINDOW);
    this.#real = perChannel(WINDOW);
    this.#imaginary = perChannel(WINDOW);
    this.#cross = perChannel(BINS);
    this.#power = perChannel(BINS);
  }

  /** Take in the next samples of all channels; returns those of the mix that are complete. */
  push(channels: readonly Float32Array[]): Float32Array {
    const length = channels[0]!.length;
    const out = new Float32Array(Math.floor((this.#filled - HOP + length) / HOP) * HOP);
    let written = 0;
    for (let at = 0; at < length; ) {
      const taken = Math.min(WINDOW - this.#filled, length - at);
      for (let i = 0; i < taken; i++, at++) {
        let mean = 0;
        for (let c = 0; c < channels.length; c++) {
          const sample = channels[c]![at]!;
          this.#recent[c]![this.#filled + i] = sample;
          mean += this.#weights[c]! * sample;
        }
        this.#mean[this.#filled + i] = mean;
      }
      this.#filled += taken;
      if (this.#filled === WINDOW) written += this.#hop(out, written);
    }
    return out.subarray(0, written);
  }

  /** The recording has ended; returns what is left of the mix. */
  flush(): Float32Array {
    const left = this.#filled - HOP + HOP - this.#lead;
    const silence = this.#weights.map(() => new Float32Array(2 * HOP));
    return this.push(silence).subarray(0, left);
  }

  /** A window is full: correct its first half, which is complete, and move on by half of it. */
  #hop(out: Float32Array, at: number): number {
    if (this.#mayBeOpposed()) this.#align();
    let given = 0;
    if (this.#lead > 0) this.#lead = 0;
    else {
      for (let i = 0; i < HOP; i++) out[at + i] = this.#mean[i]! + this.#correction[i]!;
      given = HOP;
    }
    for (const recent of this.#recent) recent.copyWithin(0, HOP);
    this.#mean.copyWithin(0, HOP);
    this.#correction.copyWithin(0, HOP);
    this.#correction.fill(0, HOP);
    this.#filled = HOP;
    return given;
  }

  /** False where all channels say the same or all but one are silent, which needs no closer look. */
  #mayBeOpposed(): boolean {
    const [first, ...others] = this.#recent;
    let sounding = 0;
    let power = 0;
    let apart = 0;
    for (let i = 0; i < WINDOW; i++) power += first![i]! * first![i]!;
    if (power > 0) sounding++;
    for (const other of others) {
      let own = 0;
      for (let i = 0; i < WINDOW; i++) {
        const difference = other[i]! - first![i]!;
        own += other[i]! * other[i]!;
        apart += difference * difference;
      }
      if (own > 0) sounding++;
    }
    if (sounding > 1 && apart > ALIKE * power) return true;
    this.#compared = 0;
    for (const c of this.#cross.keys()) {
      this.#cross[c]!.fill(0);
      this.#power[c]!.fill(0);
    }
    return false;
  }

  /** Add to the correction of this window what turns opposed bins around. */
  #align(): void {
    this.#analyse();
    this.#compared++;
    this.#sumReal.set(this.#real[0]!.subarray(0, BINS));
    this.#sumImaginary.set(this.#imaginary[0]!.subarray(0, BINS));
    const turnedReal = new Float64Array(WINDOW);
    const turnedImaginary = new Float64Array(WINDOW);
    let turned = false;
    for (let c = 1; c < this.#weights.length; c++) {
      const opposed = this.#opposedBins(c);
      for (let k = 0; k < BINS; k++) {
        const sign = opposed[k] ? -1 : 1;
        this.#sumReal[k]! += sign * this.#real[c]![k]!;
        this.#sumImaginary[k]! += sign * this.#imaginary[c]![k]!;
        if (!opposed[k]) continue;
        turned = true;
        turnedReal[k]! -= 2 * this.#real[c]![k]!;
        turnedImaginary[k]! -= 2 * this.#imaginary[c]![k]!;
      }
    }
    if (turned) this.#synthesise(turnedReal, turnedImaginary);
  }

  /** Weighted spectra of all channels: `real` and `imaginary` [channels][BINS]. */
  #analyse(): void {
    for (let c = 0; c < this.#weights.length; c++) {
      const [real, imaginary] = [this.#real[c]!, this.#imaginary[c]!];
      const weight = this.#weights[c]!;
      for (let i = 0; i < WINDOW; i++) real[i] = weight * SHAPE[i]! * this.#recent[c]![i]!;
      imaginary.fill(0);
      this.#fft.transform(real, imaginary);
    }
  }

  /** Bins in which channel `c` has been opposed to the sum of those before it. Smoothed over bins and time. */
  #opposedBins(c: number): Uint8Array {
    const [cross, power] = [this.#cross[c]!, this.#power[c]!];
    const [real, imaginary] = [this.#real[c]!, this.#imaginary[c]!];
    for (let k = 0; k < BINS; k++) {
      const [a, b, x, y] = [this.#sumReal[k]!, this.#sumImaginary[k]!, real[k]!, imaginary[k]!];
      cross[k] = MEMORY * cross[k]! + a * x + b * y;
      power[k] = MEMORY * power[k]! + (a * a + b * b + x * x + y * y) / 2;
    }
    const opposed = new Uint8Array(BINS);
    let lost = 0;
    let total = 0;
    for (let k = 0; k < BINS; k++) {
      let [together, both] = [0, 0];
      for (let near = Math.max(0, k - SPREAD); near <= Math.min(BINS - 1, k + SPREAD); near++) {
        together += cross[near]!;
        both += power[near]!;
      }
      opposed[k] = together < OPPOSED * both ? 1 : 0;
      total += power[k]!;
      if (opposed[k] === 1) lost += power[k]!;
    }
    return this.#compared === 1 || lost < HEARD * total ? opposed.fill(0) : opposed;
  }

  #synthesise(real: Float64Array, imaginary: Float64Array): void {
    for (let k = 1; k < WINDOW / 2; k++) {
      real[WINDOW - k] = real[k]!;
      imaginary[WINDOW - k] = -imaginary[k]!;
    }
    this.#fft.transform(imaginary, real);
    for (let i = 0; i < WINDOW; i++) this.#correction[i]! += (SHAPE[i]! * real[i]!) / WINDOW;
  }
}
