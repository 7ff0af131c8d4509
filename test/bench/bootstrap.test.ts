import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bootstrapInterval } from "../../bench/metrics/bootstrap.ts";
import { ErrorRate } from "../../bench/metrics/error-rate.ts";
import { seededRandom } from "../../bench/random.ts";

const many = (count: number, errors: number, reference: number) =>
  Array.from({ length: count }, () => ({ errors, reference }));

describe("a bootstrap interval", () => {
  test("has no width where all utterances are alike", () => {
    expect(bootstrapInterval(many(20, 1, 10))).toEqual({ low: 0.1, high: 0.1 });
  });

  test("is that of the binomial distribution where every utterance is one word", () => {
    // 100 of 400 words wrong: 25 % ± 1.96 · √(0.25 · 0.75 / 400) = ± 4.24 %.
    const { low, high } = bootstrapInterval([...many(100, 1, 1), ...many(300, 0, 1)]);
    expect(low).toBeCloseTo(0.25 - 0.0424, 1.9);
    expect(high).toBeCloseTo(0.25 + 0.0424, 1.9);
  });

  test("is as wide as the utterances are few, not the words", () => {
    const width = (utterances: { errors: number; reference: number }[]) => {
      const { low, high } = bootstrapInterval(utterances);
      return high - low;
    };
    const short = [...many(100, 1, 1), ...many(300, 0, 1)];
    const long = [...many(5, 20, 20), ...many(15, 0, 20)];
    expect(width(long)).toBeGreaterThan(3 * width(short));
  });

  test("is the same for the same seed, and another for another", () => {
    const random = seededRandom(7);
    const utterances = Array.from({ length: 50 }, () => ({ errors: Math.floor(3 * random()), reference: 8 }));
    expect(bootstrapInterval(utterances, 3)).toEqual(bootstrapInterval(utterances, 3));
    expect(bootstrapInterval(utterances, 3)).not.toEqual(bootstrapInterval(utterances, 4));
  });

  test("lies between the best and the worst utterance", () => {
    const utterance = fc
      .record({
        reference: fc.integer({ min: 1, max: 30 }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      })
      .map(({ reference, share }) => ({ reference, errors: Math.round(share * reference) }));
    fc.assert(
      fc.property(fc.array(utterance, { minLength: 1, maxLength: 12 }), (utterances) => {
        const rates = utterances.map(({ errors, reference }) => errors / reference);
        const { low, high } = bootstrapInterval(utterances);
        expect(low).toBeGreaterThanOrEqual(Math.min(...rates) - 1e-12);
        expect(high).toBeLessThanOrEqual(Math.max(...rates) + 1e-12);
        expect(low).toBeLessThanOrEqual(high);
      }),
      { numRuns: 30 },
    );
  });

  test("needs something to measure against; utterances without words do no harm", () => {
    expect(() => bootstrapInterval([])).toThrow(RangeError);
    expect(() => bootstrapInterval(many(3, 1, 0))).toThrow(RangeError);
    const { low, high } = bootstrapInterval([
      { errors: 0, reference: 0 },
      { errors: 1, reference: 4 },
    ]);
    expect([low, high]).toEqual([0.25, 0.25]);
  });

  test("of an error rate is of its utterances", () => {
    const rate = new ErrorRate();
    for (let i = 0; i < 40; i++)
      rate.add("ONE TWO THREE FOUR", i % 4 === 0 ? "ONE TWO" : "ONE TWO THREE FOUR");
    expect(rate.wer).toBe(0.125);
    const { low, high } = rate.werInterval();
    expect(low).toBeLessThan(0.125);
    expect(high).toBeGreaterThan(0.125);
    expect(rate.werInterval()).toEqual({ low, high });
  });
});
