import { setTimeout } from "node:timers/promises";
import { ApiError, ConnectionError } from "./problem.ts";

/** Resolves after so many milliseconds; rejects when the signal aborts. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

export interface RetryOptions {
  signal: AbortSignal;
  wait: Wait;
  /** Times it is tried in all. */
  tries: number;
  /** Whether it may have been done where no answer, or an error of the server, came back. */
  repeatable: boolean;
}

export const TRIES = 5;
/** For what already runs: some four minutes, the time in which a service is deployed anew or a laptop wakes up. */
export const PATIENT_TRIES = 15;

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 30_000;
/** A longer Retry-After is the user's to wait for. */
const LONGEST_RETRY_AFTER_SECONDS = 60;

export const pause: Wait = async (ms, signal) => {
  await setTimeout(ms, undefined, { signal });
};

/** Do it again after what passes: broken connections, 429, and errors of the server. Delays double from 250 ms. */
export async function withRetries<T>(
  work: (attempt: number) => Promise<T>,
  { signal, wait, tries, repeatable }: RetryOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await work(attempt);
    } catch (error) {
      signal.throwIfAborted();
      const delay = attempt < tries ? delayAfter(error, attempt, repeatable) : null;
      if (delay === null) throw error;
      await wait(delay, signal);
    }
  }
}

function delayAfter(error: unknown, attempt: number, repeatable: boolean): number | null {
  const delay = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS);
  if (error instanceof ConnectionError) return repeatable && !error.absent ? delay : null;
  if (!(error instanceof ApiError)) return null;
  // A request that met a limit was not begun; one that met another error may have been.
  const passes = error.status === 429 || (repeatable && (error.status === 408 || error.status >= 500));
  const asked = error.retryAfterSeconds ?? 0;
  if (!passes || asked > LONGEST_RETRY_AFTER_SECONDS) return null;
  return Math.max(delay, asked * 1000);
}
