import { type DecodeTrouble, MAX_CHUNK } from "./sample-stream.ts";

/**
 * Turns ffmpeg's stream of interleaved 32-bit floats into arrays per channel: keeps what a pipe cuts in the
 * middle of a sample, clamps to [-1, 1] (lossy codecs overshoot), and silences what is no number.
 */
export class PcmSplitter {
  readonly #channels: number;
  readonly #mix: boolean;
  readonly #trouble: DecodeTrouble;
  #rest: Buffer = Buffer.alloc(0);
  #frames = 0;

  /** @param mix average the channels here, where ffmpeg has no rule for so many. */
  constructor(channels: number, mix: boolean, trouble: DecodeTrouble) {
    this.#channels = channels;
    this.#mix = mix;
    this.#trouble = trouble;
  }

  /** Samples per channel so far. */
  get frames(): number {
    return this.#frames;
  }

  *split(piece: Buffer): Generator<Float32Array[]> {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const frameBytes = 4 * this.#channels;
    const whole = bytes.length - (bytes.length % frameBytes);
    this.#rest = Buffer.from(bytes.subarray(whole));
    for (let at = 0; at < whole; at += MAX_CHUNK * frameBytes) {
      const end = Math.min(whole, at + MAX_CHUNK * frameBytes);
      // A copy, for a pipe's buffer need not be aligned to 4 bytes.
      const interleaved = new Float32Array(new Uint8Array(bytes.subarray(at, end)).buffer); // frames × channels
      this.#clean(interleaved);
      this.#frames += interleaved.length / this.#channels;
      yield this.#mix ? [this.#mean(interleaved)] : this.#separate(interleaved);
    }
  }

  #clean(interleaved: Float32Array): void {
    for (let i = 0; i < interleaved.length; i++) {
      const sample = interleaved[i]!;
      if (sample >= -1 && sample <= 1) continue;
      if (Number.isFinite(sample)) {
        interleaved[i] = sample > 0 ? 1 : -1;
        continue;
      }
      interleaved[i] = 0;
      if (this.#trouble.invalidSamples++ === 0) {
        this.#trouble.firstInvalid = this.#frames + Math.floor(i / this.#channels);
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

  #mean(interleaved: Float32Array): Float32Array {
    const channels = this.#channels;
    const mixed = new Float32Array(interleaved.length / channels);
    for (let i = 0; i < interleaved.length; i++)
      mixed[Math.floor(i / channels)]! += interleaved[i]! / channels;
    return mixed;
  }
}
