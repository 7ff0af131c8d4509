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

/**
 * Two channels' products and powers, summed over a window, that rule out opposed bins which could be heard, whatever
 * their spectra are. In opposed bins, of HEARD of the power or more, products are at most OPPOSED of the power, elsewhere
 * at most all of it: over all bins at most 1 + (OPPOSED - 1) × HEARD = 0.9475. And neither channel has less than a
 * fifth of the other's power in them, so that the weaker has at least HEARD / 6 of the stronger's over all. Both with
 * some room for rounding and the ends of the spectrum.
 */
const TOGETHER = 0.96;
const WEAKER = 0.004;

/** sqrt of a periodic Hann window: squared and overlapped by half it sums to 1. */
const SHAPE = Float64Array.from({ length: WINDOW }, (_, i) => Math.sin((Math.PI * i) / WINDOW));
const SQUARED = SHAPE.map((value) => value * value);

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
  readonly #turnedReal = new Float64Array(WINDOW);
  readonly #turnedImaginary = new Float64Array(WINDOW);
  readonly #opposed = new Uint8Array(BINS);
  /** Of two channels: their product and their powers, remembered as those of the bins are. */
  #product = 0;
  #powers = [0, 0];
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
      const mean = this.#mean.subarray(this.#filled, this.#filled + taken).fill(0);
      for (const [c, samples] of channels.entries()) {
        const piece = samples.subarray(at, at + taken);
        this.#recent[c]!.set(piece, this.#filled);
        const weight = this.#weights[c]!;
        for (let i = 0; i < taken; i++) mean[i]! += weight * piece[i]!;
      }
      at += taken;
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

  /** False where no bin that could be heard can be opposed, which needs no closer look. */
  #mayBeOpposed(): boolean {
    if (this.#recent.length === 2 && this.#isRuledOut(this.#recent[0]!, this.#recent[1]!)) {
      this.#compared = 0;
      for (const c of this.#cross.keys()) {
        this.#cross[c]!.fill(0);
        this.#power[c]!.fill(0);
      }
      return false;
    }
    return true;
  }

  #isRuledOut(one: Float64Array, other: Float64Array): boolean {
    let product = 0;
    let first = 0;
    let second = 0;
    for (let i = 0; i < WINDOW; i++) {
      const a = one[i]!;
      const b = other[i]!;
      const shaped = SQUARED[i]! * a;
      product += shaped * b;
      first += shaped * a;
      second += SQUARED[i]! * b * b;
    }
    const [left, right] = this.#weights as [number, number];
    this.#product = MEMORY * this.#product + left * right * product;
    const a = MEMORY * this.#powers[0]! + left * left * first;
    const b = MEMORY * this.#powers[1]! + right * right * second;
    this.#powers = [a, b];
    return this.#product >= (TOGETHER * (a + b)) / 2 || Math.min(a, b) <= WEAKER * Math.max(a, b);
  }

  /** Add to the correction of this window what turns opposed bins around. */
  #align(): void {
    this.#analyse();
    this.#compared++;
    this.#sumReal.set(this.#real[0]!.subarray(0, BINS));
    this.#sumImaginary.set(this.#imaginary[0]!.subarray(0, BINS));
    const turnedReal = this.#turnedReal.fill(0);
    const turnedImaginary = this.#turnedImaginary.fill(0);
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

  /** Weighted spectra of all channels, two by one transform: `real` and `imaginary` [channels][BINS]. */
  #analyse(): void {
    for (let c = 0; c < this.#weights.length; c += 2) {
      const [real, imaginary] = [this.#real[c]!, this.#imaginary[c]!];
      this.#shaped(c, real);
      if (c + 1 === this.#weights.length) imaginary.fill(0);
      else this.#shaped(c + 1, imaginary);
      this.#fft.transform(real, imaginary);
      if (c + 1 < this.#weights.length) this.#part(c);
    }
  }

  #shaped(c: number, into: Float64Array): void {
    const weight = this.#weights[c]!;
    const recent = this.#recent[c]!;
    for (let i = 0; i < WINDOW; i++) into[i] = weight * SHAPE[i]! * recent[i]!;
  }

  /** The spectra of two real signals from that of one as the real and the other as the imaginary part. */
  #part(c: number): void {
    const [real, imaginary] = [this.#real[c]!, this.#imaginary[c]!];
    const [otherReal, otherImaginary] = [this.#real[c + 1]!, this.#imaginary[c + 1]!];
    for (let k = 0; k < BINS; k++) {
      const mirror = (WINDOW - k) % WINDOW;
      const x = real[k]!;
      const y = imaginary[k]!;
      const u = real[mirror]!;
      const v = imaginary[mirror]!;
      otherReal[k] = (y + v) / 2;
      otherImaginary[k] = (u - x) / 2;
      // The mirrored half is not read again before its turn: k runs to the middle only.
      real[k] = (x + u) / 2;
      imaginary[k] = (y - v) / 2;
    }
  }

  /** Bins in which channel `c` has been opposed to the sum of those before it. Smoothed over bins and time. */
  #opposedBins(c: number): Uint8Array {
    const [cross, power] = [this.#cross[c]!, this.#power[c]!];
    const [real, imaginary] = [this.#real[c]!, this.#imaginary[c]!];
    for (let k = 0; k < BINS; k++) {
      const a = this.#sumReal[k]!;
      const b = this.#sumImaginary[k]!;
      const x = real[k]!;
      const y = imaginary[k]!;
      cross[k] = MEMORY * cross[k]! + a * x + b * y;
      power[k] = MEMORY * power[k]! + (a * a + b * b + x * x + y * y) / 2;
    }
    const opposed = this.#opposed;
    let lost = 0;
    let total = 0;
    // Sums over the bins to both sides, moved along.
    let together = 0;
    let both = 0;
    for (let k = 0; k < SPREAD; k++) {
      together += cross[k]!;
      both += power[k]!;
    }
    for (let k = 0; k < BINS; k++) {
      const [next, last] = [k + SPREAD, k - SPREAD - 1];
      if (next < BINS) {
        together += cross[next]!;
        both += power[next]!;
      }
      if (last >= 0) {
        together -= cross[last]!;
        both -= power[last]!;
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
