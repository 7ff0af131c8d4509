import type { Connection } from "./connection.ts";

const FIRST_INTERVAL_MS = 200;
const LONGEST_INTERVAL_MS = 2000;
const GROWTH = 1.5;

/** Read again and again, ever more slowly down to every 2 s, until it is over; yields every reading. */
export async function* readings<T>(
  { wait, signal }: Connection,
  read: () => Promise<T>,
  isOver: (reading: T) => boolean,
): AsyncGenerator<T> {
  for (let interval = FIRST_INTERVAL_MS; ; interval = Math.min(interval * GROWTH, LONGEST_INTERVAL_MS)) {
    const reading = await read();
    yield reading;
    if (isOver(reading)) return;
    await wait(interval, signal);
  }
}
