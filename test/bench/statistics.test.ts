import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mean, median, percentile } from "../../bench/metrics/statistics.ts";

describe("statistics", () => {
  test("of values in any order, which stay as they were", () => {
    const values = [10, 1, 3, 2];
    expect([mean(values), median(values), median([3, 1, 2])]).toEqual([4, 2.5, 2]);
    // Ranks 0…3: 90 % is rank 2.7, between 3 and 10.
    expect([percentile(values, 0), percentile(values, 100)]).toEqual([1, 10]);
    expect(percentile(values, 90)).toBeCloseTo(7.9, 12);
    expect(values).toEqual([10, 1, 3, 2]);
  });

  test("percentiles rise, from the least value to the greatest", () => {
    const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1 });
    const percent = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(values, percent, percent, (list, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((p) => percentile(list, p));
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(Math.min(...list));
        expect(high).toBeLessThanOrEqual(Math.max(...list));
      }),
    );
  });

  test("of nothing, there are none", () => {
    for (const of of [mean, median, (values: number[]) => percentile(values, 5)])
      expect(() => of([])).toThrow(RangeError);
    expect(() => percentile([1], 101)).toThrow("Not a percentage: 101");
  });
});
