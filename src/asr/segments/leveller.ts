import { SAMPLE_RATE } from "../audio/types.ts";
import { FRAME } from "./voice-activity.ts";

/** Samples that get one level and one gain: half a second, 25 frames. */
const BLOCK = 25 * FRAME;

/** Blocks that are heard before a gain is decided: 10 s, so that a recording that begins quietly is not taken for a quiet one. */
const AHEAD = 20;

/** Frames of a block that must be louder than its level: 100 ms of speech, which no click lasts. */
const LOUD_FRAMES = 5;

/**
 * Speech below this is raised to it, dBFS of its loudest 100 ms (peaks are some 12 dB above). Louder speech is left as
 * it is, to the bit. Texts of the fixtures are the same from here up, and differ from 6 dB below on.
 */
const LEAST_DB = -26;

/** The most that a recording is raised, dB: beyond it there is more rounding than speech. */
const MOST_GAIN_DB = 60;

/** Speech stands out from the background by this much, dB; what does not is noise or hum and stays as faint as it is. */
const CONTRAST_DB = 9;

/** How fast loud speech is forgotten, dB per block: 6 dB in a minute. A pause must not make the room speak. */
const FORGET_DB = 6 / (60 / (BLOCK / SAMPLE_RATE));

/** Below the noise of any converter, dBFS: nothing is fainter. */
const NOTHING_DB = -110;

/** Pole of the DC blocker, as in the detector: offsets and hum are no level. */
const POLE = 0.96;

interface Block {
  samples: Float32Array;
  /** Of the loudest 100 ms, dBFS. */
  level: number;
  /** Of the quietest 100 ms, dBFS. */
  floor: number;
  peak: number;
}

/**
 * Brings the speech of one channel into the range that detection and features are made for, so that the text does
 * not depend on how loud a recording was made: quiet speech is raised, and what goes beyond full scale, as floats and
 * lossy codecs can, is lowered rather than clipped. The gain moves slowly and ordinary recordings pass unchanged.
 * What comes out does not depend on how the samples were divided over calls; it comes 10 s late.
 */
export class Leveller {
  readonly #ahead: Block[] = [];
  #partial = new Float32Array(BLOCK);
  #filled = 0;
  #lastIn = 0;
  #lastOut = 0;
  #loudest = Number.NEGATIVE_INFINITY;
  #highest = 0;
  #quietest = Number.POSITIVE_INFINITY;
  #gain: number | null = null;

  /** Take in the next samples; returns those that are ready. */
  push(samples: Float32Array): Float32Array[] {
    const ready: Float32Array[] = [];
    for (let at = 0; at < samples.length; ) {
      const taken = Math.min(BLOCK - this.#filled, samples.length - at);
      this.#partial.set(samples.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
      if (this.#filled < BLOCK) break;
      this.#ahead.push(this.#measured(this.#partial));
      this.#partial = new Float32Array(BLOCK);
      this.#filled = 0;
      if (this.#ahead.length > AHEAD) ready.push(this.#levelled());
    }
    return ready;
  }

  /** The recording has ended; returns what is left. */
  flush(): Float32Array[] {
    if (this.#filled > 0) this.#ahead.push(this.#measured(this.#partial.subarray(0, this.#filled)));
    this.#filled = 0;
    const ready: Float32Array[] = [];
    while (this.#ahead.length > 0) ready.push(this.#levelled());
    return ready;
  }

  #measured(samples: Float32Array): Block {
    const levels: number[] = [];
    let peak = 0;
    for (let start = 0; start < samples.length; start += FRAME) {
      const end = Math.min(start + FRAME, samples.length);
      peak = Math.max(peak, peakOf(samples, start, end));
      levels.push(10 * Math.log10(this.#energy(samples, start, end) / (end - start) + 1e-30));
    }
    // Left to itself the filter rings on in denormal numbers, which are slow.
    if (Math.abs(this.#lastOut) < 1e-15) this.#lastOut = 0;
    levels.sort((a, b) => b - a);
    const level = levels[Math.min(LOUD_FRAMES, levels.length) - 1]!;
    const quiet = levels.at(-LOUD_FRAMES) ?? level;
    return { samples, level, floor: Math.max(NOTHING_DB, quiet), peak };
  }

  /** Without the offset. */
  #energy(samples: Float32Array, start: number, end: number): number {
    let lastIn = this.#lastIn;
    let lastOut = this.#lastOut;
    let energy = 0;
    for (let i = start; i < end; i++) {
      const sample = samples[i]!;
      lastOut = sample - lastIn + POLE * lastOut;
      lastIn = sample;
      energy += lastOut * lastOut;
    }
    this.#lastIn = lastIn;
    this.#lastOut = lastOut;
    return energy;
  }

  /** The next block with its gain, which depends on what came before and on what is heard ahead. */
  #levelled(): Float32Array {
    this.#loudest -= FORGET_DB;
    this.#quietest += FORGET_DB;
    this.#highest *= 10 ** (-FORGET_DB / 20);
    for (const { level, floor, peak } of this.#ahead) {
      this.#loudest = Math.max(this.#loudest, level);
      this.#quietest = Math.min(this.#quietest, floor);
      this.#highest = Math.max(this.#highest, peak);
    }
    const { samples } = this.#ahead.shift()!;
    const gain = this.#wanted();
    const before = this.#gain ?? gain;
    this.#gain = gain;
    if (gain === 1 && before === 1) return samples;
    for (let i = 0; i < samples.length; i++) {
      const sample = samples[i]! * (before + ((gain - before) * i) / samples.length);
      samples[i] = Math.max(-1, Math.min(1, sample));
    }
    return samples;
  }

  #wanted(): number {
    if (this.#highest > 1) return 1 / this.#highest;
    const isSpeech = this.#loudest - this.#quietest > CONTRAST_DB;
    if (!isSpeech || this.#loudest >= LEAST_DB) return 1;
    return 10 ** (Math.min(MOST_GAIN_DB, LEAST_DB - this.#loudest) / 20);
  }
}

function peakOf(samples: Float32Array, start: number, end: number): number {
  let peak = 0;
  for (let i = start; i < end; i++) {
    const size = Math.abs(samples[i]!);
    if (size > peak) peak = size;
  }
  return peak;
}
