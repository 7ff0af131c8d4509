import { RecordingError } from "../errors.ts";

/** Refusals that more than one file makes, worded once. */

export function tooLarge(maxBytes: number): RecordingError {
  return new RecordingError(
    "too_large",
    `The recording is larger than the limit of ${maxBytes.toLocaleString("en")} bytes. Split it, or send a compressed format.`,
  );
}

export function tooLong(label: string, maxSeconds: number): RecordingError {
  const limit = maxSeconds >= 3600 ? `${round(maxSeconds / 3600)} hours` : `${round(maxSeconds)} seconds`;
  return new RecordingError(
    "too_long",
    `${label} is longer than the limit of ${limit}. Split it into parts.`,
  );
}

export function tooShort(label: string, seconds: number, minSeconds: number): RecordingError {
  return new RecordingError(
    "too_short",
    `${label} holds ${Math.round(seconds * 1000)} ms of audio; at least ${Math.round(minSeconds * 1000)} ms are needed.`,
  );
}

export function corrupt(label: string, what: string, cause?: unknown): RecordingError {
  return new RecordingError("corrupt_media", `${label} ${what}`, cause === undefined ? {} : { cause });
}

/** Seconds or hours for people: at most two decimals. */
export function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}
