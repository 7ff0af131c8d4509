import { setTimeout as pause } from "node:timers/promises";

const FIRST_MS = 10;
const LONGEST_MS = 1000;

/** Wait before try number `tries` + 1: twice as long each time, by chance less ("full jitter"). */
export async function backOff(tries: number): Promise<void> {
  await pause(Math.random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** tries));
}
