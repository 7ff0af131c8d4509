import { EventEmitter } from "node:events";
import type { DatabaseSync } from "node:sqlite";

const emitters = new WeakMap<DatabaseSync, EventEmitter>();

function emitterOf(db: DatabaseSync): EventEmitter {
  let emitter = emitters.get(db);
  if (!emitter) {
    emitter = new EventEmitter();
    emitter.setMaxListeners(0);
    emitters.set(db, emitter);
  }
  return emitter;
}

/** Tell those of this process who wait for messages of a queue that there may be some. */
export function wake(db: DatabaseSync, queue: string): void {
  emitterOf(db).emit(`queue ${queue}`);
}

/** Until somebody wakes this queue, the time is over, or the signal says so. Leaves no timer and no listener behind. */
export function waitForWake(
  db: DatabaseSync,
  queue: string,
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const emitter = emitterOf(db);
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      emitter.off(`queue ${queue}`, finish);
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    emitter.on(`queue ${queue}`, finish);
    signal?.addEventListener("abort", finish);
  });
}
