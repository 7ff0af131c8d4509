import type { Log, Message, Queue } from "../../src/jobs/ports/index.ts";
import { pause } from "./repeat.ts";
import type { Lane, Poll, Slots } from "./slots.ts";

export interface PollerOptions {
  lane: Lane;
  queue: Queue;
  slots: Slots;
  waitSeconds: number;
  visibilitySeconds: number;
  log: Log;
  /** Ends the polling, also in the middle of a poll. */
  signal: AbortSignal;
  /** Begins the work on a message. */
  begin: (message: Message) => void;
}

const FIRST_PAUSE_SECONDS = 0.5;
const LONGEST_PAUSE_SECONDS = 30;

/** Receive from one queue, never more than there is room for, until the signal. A queue that fails is asked ever less often. */
export async function pollQueue(options: PollerOptions): Promise<void> {
  const { lane, queue, slots, log, signal } = options;
  let failures = 0;
  for (;;) {
    const poll = await slots.take(lane, signal);
    if (!poll) return;
    try {
      const messages = await receive(options, poll);
      failures = 0;
      slots.polled(poll, messages.length);
      messages.forEach(options.begin);
    } catch (error) {
      slots.polled(poll, null);
      if (signal.aborted) return;
      const seconds = Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** failures++);
      log.error("queue.failed", { queue: queue.name, error: String(error), retry_seconds: seconds });
      await pause(seconds, signal);
    }
  }
}

function receive(options: PollerOptions, { most, patient }: Poll): Promise<Message[]> {
  const { queue, waitSeconds, visibilitySeconds, signal } = options;
  return queue.receive({ most, waitSeconds: patient ? waitSeconds : 0, visibilitySeconds, signal });
}
