import type { Clock } from "../ports/clock.ts";
import type { Services } from "../services.ts";
import type { Transcription } from "../transcription.ts";
import { failWhere } from "./finish.ts";

/** Begun as often as it may be, and never finished: it is what kills its workers. */
export function isExhausted({ limits }: Services, record: Transcription): boolean {
  return record.attempts >= limits.attempts;
}

/** Milliseconds until the lease is over that a worker has on it; 0 where none has. */
export function leaseLeftMs({ state, lease }: Transcription, clock: Clock): number {
  return state === "processing" && lease ? Math.max(0, Date.parse(lease.until) - clock.now()) : 0;
}

/** Fail one that is exhausted. False where it has changed since it was read. */
export function giveUp(services: Services, { id, revision, attempts }: Transcription): Promise<boolean> {
  const error = {
    code: "internal_error",
    message: `It was begun ${attempts} times and never finished. The recording may be one that breaks the decoder.`,
  };
  return failWhere(services, id, error, (current) => current.revision === revision);
}
