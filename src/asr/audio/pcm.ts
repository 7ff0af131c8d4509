import { type DecodeTrouble, MAX_CHUNK } from "./sample-stream.ts";

/** +60 dBFS: more is no sound but a number read wrongly. False for NaN, too. */
const LOUDEST = 1000;

/**
 * Turns ffmpeg's blocks of interleaved 32-bit floats into arrays per channel, and silences what is no number.
 * What goes beyond full scale is left for the leveller to lower.
 */
export class PcmSplitter {
  readonly #channels: number;
  readonly #trouble: DecodeTrouble;

  constructor(channels: number, trouble: DecodeTrouble) {
    this.#channels = channels;
    this.#trouble = trouble;
  }

  /** @param at where the block begins, in samples per channel. */
  *split(block: Buffer, at: number): Generator<Float32Array[]> {
    const frameBytes = 4 * this.#channels;
    const whole = block.length - (block.length % frameBytes);
    for (let from = 0; from < whole; from += MAX_CHUNK * frameBytes) {
      const end = Math.min(whole, from + MAX_CHUNK * frameBytes);
      // A copy, for a pipe's buffer need not be aligned to 4 bytes.
      const interleaved = new Float32Array(new Uint8Array(block.subarray(from, end)).buffer); // frames × channels
      this.#clean(interleaved, at + from / frameBytes);
      yield this.#separate(interleaved);
    }
  }

  #clean(interleaved: Float32Array, at: number): void {
    for (let i = 0; i < interleaved.length; i++) {
      if (Math.abs(interleaved[i]!) <= LOUDEST) continue;
      interleaved[i] = 0;
      if (this.#trouble.invalidSamples++ === 0) {
        this.#trouble.firstInvalid = at + Math.floor(i / this.#channels);
      }
    }
  }

  #separate(interleaved: Float32Array): Float32Array[] {
    const channels = this.#channels;
    if (channels === 1) return [interleaved];
    return Array.from({ length: channels }, (_, channel) => {
      const samples = new Float32Array(interleaved.length / channels);
      for (let i = 0, j = channel; i < samples.length; i++, j += channels) samples[i] = interleaved[j]!;
      return samples;
    });
  }
}
