import type { Api } from "./client.ts";
import type { Status } from "./shapes.ts";

const ENDED: readonly Status[] = ["completed", "failed", "canceled", "expired", "deleted"];
/** Progress is told as often; an end at once. */
const LOOK_EVERY_MS = 2000;
/** Where nothing is under way. */
const IDLE_MS = 15_000;
const WAIT_SECONDS = 20;

export function hasEnded(status: Status): boolean {
  return ENDED.includes(status);
}

export interface Looked {
  /** A transcription that has not ended. */
  underWay: string | null;
  /** Something else will change within the minute. */
  soon?: boolean;
}

export interface WatchOptions {
  signal: AbortSignal;
  onWake: (wake: () => void) => void;
  untilVisible: (signal: AbortSignal) => Promise<void>;
}

/**
 * Looks again and again until the signal ends it: at once when one that is under way ends (a long poll), at once when it
 * is woken, else every few seconds, and not at all while nobody looks at the page.
 */
export async function watch(
  api: Api,
  look: () => Promise<Looked>,
  { signal, onWake, untilVisible }: WatchOptions,
): Promise<void> {
  while (!signal.aborted) {
    const next = new AbortController();
    const woken = new Promise<void>((resolve) => onWake(resolve));
    const { underWay, soon = false } = await look();
    if (signal.aborted) return;
    const stop = () => next.abort();
    signal.addEventListener("abort", stop);
    const waits = [woken, pause(underWay || soon ? LOOK_EVERY_MS : IDLE_MS, next.signal)];
    if (underWay) waits.push(untilEnded(api, underWay, next.signal));
    await Promise.race(waits);
    next.abort();
    signal.removeEventListener("abort", stop);
    await untilVisible(signal);
  }
}

function untilEnded(api: Api, id: string, signal: AbortSignal): Promise<void> {
  return api.get(`/v1/transcriptions/${id}?wait=${WAIT_SECONDS}`, { signal }).then(
    () => {},
    // The look itself says what is wrong; meanwhile the pause decides.
    () => new Promise<void>(() => {}),
  );
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
