import { describe, expect, it } from "vitest";
import { drawLengths, makeRecordings } from "../../../bench/concurrency/recordings.ts";

const LENGTHS = { recordings: 2000, median: 60, shortest: 2, longest: 1200, seed: 1 };

describe("recordings of mixed length", () => {
  it("are log-normal between the shortest and the longest", () => {
    const lengths = drawLengths(LENGTHS).sort((a, b) => a - b);
    expect(lengths[0]).toBeGreaterThanOrEqual(2);
    expect(lengths[1999]).toBe(1200);
    expect(lengths[1000]).toBeGreaterThan(54);
    expect(lengths[1000]).toBeLessThan(66);
    // The logarithm is symmetric: quartiles lie as far below the median as above it.
    expect((lengths[500] * lengths[1500]) / lengths[1000] ** 2).toBeCloseTo(1, 0);
  });

  it("are the same for the same seed only", async () => {
    const few = { ...LENGTHS, recordings: 3, longest: 5 };
    expect(drawLengths(few)).toEqual(drawLengths(few));
    expect(drawLengths({ ...few, median: 3, seed: 2 })).not.toEqual(drawLengths({ ...few, median: 3 }));
    const [first, again, other] = [
      await makeRecordings([2, 3], 1),
      await makeRecordings([2, 3], 1),
      await makeRecordings([2, 3], 7),
    ];
    expect(first.map(({ length }) => length)).toEqual([44 + 2 * 32_000, 44 + 3 * 32_000]);
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
  });
});
