/**
 * Is this frame speech? WebRTC's detector (libfvad in WebAssembly: six sub-bands, two Gaussian mixtures) and,
 * because it calls steady noise speech, a gate on the level: above an absolute floor and above the background.
 * Steady noise louder than −30 dBFS still passes: rather noise in a segment than speech outside of one.
 */
import loadFvad, { type FvadModule } from "@echogarden/fvad-wasm";
import { SAMPLE_RATE } from "../audio/types.ts";
import { EngineError } from "../errors.ts";
import { NoiseFloor } from "./noise-floor.ts";

/** Samples per decision: 20 ms, a fifth cheaper than 10 (bench/NOTES.md). */
export const FRAME = 320;
/** Frames below this are never speech, dBFS above 100 Hz: lets speech of −50 dBFS pass, but not faint hum. */
const ABSOLUTE_FLOOR_DB = -62;
/** Below the noise of any microphone, dBFS: a muted line or an edit, which says nothing of the room. */
export const DIGITAL_SILENCE_DB = -95;
/** How far above the background speech begins, and how far it must stay, dB. */
const START_DB = 4;
const STAY_DB = 2;
/** Pole of the DC blocker: −3 dB at 100 Hz, so that mains hum and offsets do not count as level. */
const POLE = 0.96;
const POLE_SQUARED = POLE * POLE;

/** How much WebRTC's detector is set against false alarms: 0 (misses least) to 3. */
export type Aggressiveness = 0 | 1 | 2 | 3;

/** What the segmenter asks of a detector, frame by frame. */
export interface SpeechDetector {
  /** Level of the frame last processed, dBFS. */
  readonly level: number;
  /** The frame begins at `samples[at]`. */
  process(samples: Float32Array, at: number): boolean;
  reset(): void;
  free(): void;
}

let fvad: Promise<FvadModule> | undefined;

/** One channel's detector. Holds a few hundred bytes of WebAssembly memory until `free()`. */
export class VoiceActivity implements SpeechDetector {
  level = -120;
  readonly #module: FvadModule;
  readonly #aggressiveness: Aggressiveness;
  readonly #floor = new NoiseFloor();
  #handle: number;
  #pointer: number;
  #lastIn = 0;
  #lastOut = 0;
  #speaking = false;

  /** All detectors share one WebAssembly module, so that memory does not grow from recording to recording. */
  static async create(aggressiveness: Aggressiveness = 1): Promise<VoiceActivity> {
    fvad ??= loadFvad();
    return new VoiceActivity(await fvad, aggressiveness);
  }

  private constructor(module: FvadModule, aggressiveness: Aggressiveness) {
    this.#module = module;
    this.#aggressiveness = aggressiveness;
    this.#handle = module._fvad_new();
    this.#pointer = module._malloc(2 * FRAME);
    if (this.#handle === 0 || this.#pointer === 0) {
      throw new EngineError("engine_failed", "No memory is left for the voice activity detector.");
    }
    this.#configure();
  }

  /** Whether the 20 ms from `samples[at]` on (320 samples at 16 kHz in [−1, 1]) are speech. */
  process(samples: Float32Array, at: number): boolean {
    const heap = this.#module.HEAP16;
    const base = this.#pointer >> 1;
    let lastIn = this.#lastIn;
    let lastOut = this.#lastOut;
    let energy = 0;
    // Two at a time: the filter waits for its own last output, and so does so half as often.
    for (let i = 0; i < FRAME; i += 2) {
      const first = samples[at + i];
      const second = samples[at + i + 1];
      const step = first - lastIn;
      const between = step + POLE * lastOut;
      lastOut = second - first + POLE * step + POLE_SQUARED * lastOut;
      lastIn = second;
      energy += between * between + lastOut * lastOut;
      heap[base + i] = first * 32767;
      heap[base + i + 1] = second * 32767;
    }
    this.#lastIn = lastIn;
    // In digital silence the filter would ring on in denormal numbers, which are slow. Written so that NaN is caught
    // too: one bad sample must not poison it for good.
    this.#lastOut = Math.abs(lastOut) >= 1e-15 ? lastOut : 0;
    const power = energy / FRAME;
    this.level = 10 * Math.log10(power + 1e-12);
    if (this.level >= DIGITAL_SILENCE_DB) this.#floor.update(power);
    const voiced = this.#module._fvad_process(this.#handle, this.#pointer, FRAME) === 1;
    const above = this.#floor.decibels + (this.#speaking ? STAY_DB : START_DB);
    this.#speaking = voiced && this.level > Math.max(ABSOLUTE_FLOOR_DB, above);
    return this.#speaking;
  }

  /** Forget what was heard: another recording begins. */
  reset(): void {
    this.#module._fvad_reset(this.#handle);
    this.#configure();
    this.#floor.reset();
    this.#lastIn = 0;
    this.#lastOut = 0;
    this.#speaking = false;
    this.level = -120;
  }

  /** Give the WebAssembly memory back. Safe to call twice; the detector cannot be used afterwards. */
  free(): void {
    if (this.#handle === 0) return;
    this.#module._fvad_free(this.#handle);
    this.#module._free(this.#pointer);
    this.#handle = 0;
    this.#pointer = 0;
  }

  #configure(): void {
    this.#module._fvad_set_mode(this.#handle, this.#aggressiveness);
    this.#module._fvad_set_sample_rate(this.#handle, SAMPLE_RATE);
  }
}
