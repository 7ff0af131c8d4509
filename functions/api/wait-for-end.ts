import { isTerminal, type Transcription } from "../../src/jobs/transcription.ts";
import type { ApiOptions } from "./environment.ts";

/** Short clips are done in less; a recording of hours is looked at once a second. */
const FIRST_LOOK_MS = 200;
const LOOK_EVERY_MS = 1000;

const realTime = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

/** Looks until the transcription has ended, the time is over, or nobody is left to hear of it. Throws what `look` throws. */
export async function waitForEnd(
  look: () => Promise<Transcription>,
  seconds: number,
  { pause = realTime, signal }: Pick<ApiOptions, "pause"> & { signal: AbortSignal },
): Promise<Transcription> {
  let record = await look();
  let left = seconds * 1000;
  let step = FIRST_LOOK_MS;
  while (left > 0 && !isTerminal(record.state) && !signal.aborted) {
    await pause(Math.min(step, left));
    left -= step;
    step = Math.min(2 * step, LOOK_EVERY_MS);
    record = await look();
  }
  return record;
}
