import { EngineError, RecordingError } from "../../src/asr/index.ts";
import {
  BlobUnreadableError,
  InvalidRequestError,
  StorageFullError,
  StorageReadOnlyError,
} from "../../src/jobs/errors.ts";
import { RemoteError } from "./remote/errors.ts";

/** How to try again. `attemptCounts`: it may be the recording that brought the error about. */
export interface Retry {
  seconds: number;
  attemptCounts: boolean;
}

const OUTAGE_SECONDS = 10;
const FIRST_SECONDS = 10;
const MOST_SECONDS = 900;

/** What a transcription fails with, where trying again will not help; else null. */
export function failureOf(error: unknown): { code: string; message: string } | null {
  if (error instanceof RecordingError || error instanceof BlobUnreadableError)
    return { code: error.code, message: error.message };
  if (error instanceof RemoteError)
    return error.lasting ? { code: error.code, message: error.message } : null;
  // Of this service's machine, not of the recording: whoever runs it has to know which.
  if (error instanceof EngineError && error.code === "ffmpeg_missing")
    return { code: error.code, message: error.message };
  const isLasting =
    // A key that cannot be stored: of a result beside a source whose own key is as long as keys may be.
    error instanceof InvalidRequestError || (error instanceof EngineError && error.code === "invalid_option");
  return isLasting ? { code: "internal_error", message: error.message } : null;
}

/** `tries`: how often it has been tried, this time included. */
export function retryAfter(error: unknown, tries: number): Retry {
  const isOutage =
    error instanceof StorageFullError ||
    error instanceof StorageReadOnlyError ||
    (error instanceof EngineError && error.code === "engine_closed");
  if (isOutage) return { seconds: OUTAGE_SECONDS, attemptCounts: false };
  const seconds = Math.min(MOST_SECONDS, FIRST_SECONDS * 3 ** Math.max(0, tries - 1));
  return { seconds, attemptCounts: true };
}
