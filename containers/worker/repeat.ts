import { setTimeout as wait } from "node:timers/promises";

/** Ends early, without an error, when the signal is aborted. */
export async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  await wait(seconds * 1000, undefined, { signal }).catch(() => {});
}

/**
 * Call `action` every so many seconds, never twice at once. One that fails goes to `onError` and is called again.
 * Returns how to stop it, which waits for the call under way.
 */
export function repeat(
  seconds: number,
  action: () => Promise<void>,
  onError: (error: unknown) => void,
): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    for (;;) {
      await pause(seconds, signal);
      if (signal.aborted) return;
      await action().catch(onError);
    }
  };
  const ended = run();
  return () => {
    stopping.abort();
    return ended;
  };
}
