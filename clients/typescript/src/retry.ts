import { ScriptoriumError } from "./errors.ts";

export interface Patience {
  signal: AbortSignal;
  /** Passes time; rejects when the signal aborts. */
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

const TRIES = 6;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Do it again after what passes: connections that break, 429, and errors of the server. For what may be done twice. */
export async function withRetries<Result>(
  work: () => Promise<Result>,
  { signal, pause }: Patience,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      const wait = attempt < TRIES ? pauseAfter(error, attempt) : null;
      if (wait === null) throw error;
      await pause(wait, signal);
    }
  }
}

function pauseAfter(error: unknown, attempt: number): number | null {
  const wait = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
  // What fetch throws where there was no answer.
  if (error instanceof TypeError) return wait;
  if (!(error instanceof ScriptoriumError)) return null;
  const passes = error.status === 408 || error.status === 429 || error.status >= 500;
  return passes ? Math.max(wait, (error.retryAfterSeconds ?? 0) * 1000) : null;
}

export function realPause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, ms);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}
