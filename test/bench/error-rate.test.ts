import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ErrorRate, normalizeForScoring } from "../../bench/metrics/error-rate.ts";

describe("normalisation", () => {
  test.each([
    ["Hello, world!", "HELLO WORLD"],
    ["  a\tb\n c ", "A B C"],
    ["don’t 'tis dogs' ' ''", "DON'T 'TIS DOGS'"],
    ["well-known — U.S. 50%", "WELL KNOWN U S 50"],
    ["cafe\u0301", "CAFÉ"],
    ["co\u00ADoperate\uFEFF", "COOPERATE"],
    ["straße", "STRASSE"],
    ["¿qué?", "QUÉ"],
    ["", ""],
    ["…", ""],
  ])("%j is scored as %j", (text, expected) => {
    expect(normalizeForScoring(text)).toBe(expected);
  });

  test("done twice is done once", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const once = normalizeForScoring(text);
        expect(normalizeForScoring(once)).toBe(once);
      }),
    );
  });
});

describe("error rates", () => {
  test("sum errors over utterances, then divide", () => {
    const rate = new ErrorRate();
    rate.add("the cat sat", "THE CAT SET");
    rate.add("on", "on the");
    expect(rate.words).toEqual({ substitutions: 1, insertions: 1, deletions: 0, correct: 3, reference: 4 });
    expect(rate.wer).toBe(0.5);
    // A for E, then four characters more (a space, THE) against 11 + 2.
    expect(rate.characters).toEqual({
      substitutions: 1,
      insertions: 4,
      deletions: 0,
      correct: 12,
      reference: 13,
    });
    expect(rate.cer).toBe(5 / 13);
    expect(rate.utterances).toBe(2);
  });

  test("a lost space is one character, and two words", () => {
    const rate = new ErrorRate();
    rate.add("ice cream", "icecream");
    expect([rate.cer, rate.wer]).toEqual([1 / 9, 1]);
  });

  test("are 0 for nothing at all, and infinite for words where nobody spoke", () => {
    const rate = new ErrorRate();
    expect([rate.wer, rate.cer]).toEqual([0, 0]);
    rate.add("", "");
    expect(rate.wer).toBe(0);
    rate.add("", "hm");
    expect(rate.wer).toBe(Number.POSITIVE_INFINITY);
  });
});
