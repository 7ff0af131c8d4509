import { expect, it } from "vitest";
import { Seats } from "../../cli/transcribe/seats.ts";

it("takes eight large recordings side by side, or thirty-two short ones, in their order", async () => {
  expect(await seated(Array(40).fill(100_000))).toBe(32);
  expect(await seated(Array(40).fill(100_000_000))).toBe(8);
  expect(await seated(Array(40).fill(null))).toBe(8);
  // The large one waits for four seats, and the short ones behind it wait for their turn.
  expect(await seated([...Array(30).fill(1), 10_000_000, 1])).toBe(30);
});

it("gives a seat that was left to the next", async () => {
  const seats = new Seats();
  const leave = await Promise.all(Array.from({ length: 8 }, () => seats.take(null)));
  const waiting = seats.take(null);
  leave[3]!();
  await waiting;
});

async function seated(sizes: readonly (number | null)[]): Promise<number> {
  const seats = new Seats();
  let count = 0;
  for (const size of sizes) void seats.take(size).then(() => count++);
  await new Promise(setImmediate);
  return count;
}
