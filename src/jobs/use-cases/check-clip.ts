import { InvalidRequestError } from "../errors.ts";
import type { TranscriptionOptions } from "../transcription.ts";

/** Throws InvalidRequestError where the part of the recording that is asked for is none. */
export function checkClip({ start, end }: Pick<TranscriptionOptions, "start" | "end">): void {
  if (typeof end !== "number" || end > (start ?? 0)) return;
  throw new InvalidRequestError(`\`end\` must be after ${start ? "`start`" : "0"}.`, { field: "end" });
}
