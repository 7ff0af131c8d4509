import { SAMPLE_RATE } from "../audio/types.ts";
import { EngineError } from "../errors.ts";
import { type Aggressiveness, FRAME } from "./voice-activity.ts";

/** Shortest segment the encoder's subsampling takes, in samples (85 ms). */
export const MIN_SAMPLES = 1360;

/** How a recording is cut into segments. All times are in seconds. */
export interface SegmentationOptions {
  /** Hard upper limit of a segment, padding included; 2 to 200, default 12. The model pack sets it. */
  maxSeconds: number;
  /** A pause this long is a clean border between segments; 0.2 to 10, default 0.3. */
  minSilenceSeconds: number;
  /**
   * Audio kept before and after speech: at most half of a pause that two segments share, of digital silence 0.16 s;
   * 0 to 0.5, default 0.5.
   */
  padSeconds: number;
  /** A segment with less speech than this is a click and is dropped; 0 to 1, default 0.05. */
  minSpeechSeconds: number;
  /**
   * Neighbours are joined into one segment while it is no longer than this; 0 to 200, default 20, 0 joins nothing.
   * Joining gives the model more context; 0.3 s of digital silence, which is an edit, is never bridged.
   */
  targetSeconds: number;
  /** Longest pause that joining may bridge; 0 to 10, default 0.8. */
  joinSeconds: number;
  /** How much the detector is set against false alarms: 0 (misses least) to 3 (loses quiet speech); default 1. */
  aggressiveness: Aggressiveness;
}

export const DEFAULT_SEGMENTATION: Readonly<SegmentationOptions> = {
  maxSeconds: 12,
  minSilenceSeconds: 0.3,
  padSeconds: 0.5,
  minSpeechSeconds: 0.05,
  targetSeconds: 20,
  joinSeconds: 0.8,
  aggressiveness: 1,
};

const RANGES: Readonly<Record<keyof SegmentationOptions, readonly [number, number]>> = {
  maxSeconds: [2, 200],
  minSilenceSeconds: [0.2, 10],
  padSeconds: [0, 0.5],
  minSpeechSeconds: [0, 1],
  targetSeconds: [0, 200],
  joinSeconds: [0, 10],
  aggressiveness: [0, 3],
};

/** Fill in the defaults; throws EngineError `invalid_option`, naming the option, where a value makes no sense. */
export function checkSegmentation(options: Partial<SegmentationOptions> = {}): SegmentationOptions {
  const all = { ...DEFAULT_SEGMENTATION, ...options };
  for (const name of Object.keys(RANGES) as (keyof SegmentationOptions)[]) {
    const [low, high] = RANGES[name];
    const value = all[name];
    if (!(Number.isFinite(value) && value >= low && value <= high)) {
      throw new EngineError("invalid_option", `${name} must be between ${low} and ${high}, not ${value}.`);
    }
  }
  if (!Number.isInteger(all.aggressiveness)) {
    throw new EngineError(
      "invalid_option",
      `aggressiveness must be 0, 1, 2 or 3, not ${all.aggressiveness}.`,
    );
  }
  return all;
}

/** Whole frames of 20 ms in so many seconds. */
export function frames(seconds: number): number {
  return Math.round((seconds * SAMPLE_RATE) / FRAME);
}
