import fc from "fast-check";
import { expect, test } from "vitest";
import { logAdd } from "../../../../src/asr/beam/log-add.ts";
import { PairMap } from "../../../../src/asr/beam/pair-map.ts";

test("logAdd is the sum of what it is given the logarithms of", () => {
  const logProb = fc.double({ min: -60, max: 5, noNaN: true });
  const property = fc.property(logProb, logProb, (a, b) => {
    const high = Math.max(a, b);
    const exact = high + Math.log1p(Math.exp(Math.min(a, b) - high));
    expect(Math.abs(logAdd(a, b) - exact)).toBeLessThan(1e-12);
    expect(logAdd(a, b)).toBe(logAdd(b, a));
  });
  fc.assert(property);
  const never = Number.NEGATIVE_INFINITY;
  expect([logAdd(never, never), logAdd(never, -1), logAdd(-1, never)]).toEqual([never, -1, -1]);
});

test("PairMap keeps what it was told, while it grows and after it was cleared", () => {
  const map = new PairMap();
  for (let round = 0; round < 3; round++) {
    const count = [10, 200_000, 300][round];
    map.clear();
    expect(map.get(1, 1)).toBe(-1);
    for (let i = 0; i < count; i++) map.set(i % 700, Math.floor(i / 700), i);
    map.set(0, 0, 7);
    let wrong = 0;
    for (let i = 1; i < count; i++) if (map.get(i % 700, Math.floor(i / 700)) !== i) wrong++;
    expect(wrong).toBe(0);
    expect([map.get(0, 0), map.get(700, 0), map.get(3, 3000)]).toEqual([7, -1, -1]);
  }
});
