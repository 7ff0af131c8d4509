import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { align } from "../../bench/metrics/error-rate.ts";

const counts = (reference: string, hypothesis: string) => {
  const { substitutions, insertions, deletions, correct } = align([...reference], [...hypothesis]);
  return [substitutions, insertions, deletions, correct];
};
const distance = (a: string[], b: string[]) => {
  const { substitutions, insertions, deletions } = align(a, b);
  return substitutions + insertions + deletions;
};

/** Few letters, so that there are many ties. */
const text = (maxLength: number) => fc.array(fc.constantFrom("a", "b", "c"), { maxLength });

/** All alignments, tried one by one: the fewest errors, and among those the most correct tokens. */
function bruteForce(a: string[], b: string[]): { errors: number; correct: number } {
  if (a.length === 0 || b.length === 0) return { errors: a.length + b.length, correct: 0 };
  const same = a[0] === b[0];
  const diagonal = bruteForce(a.slice(1), b.slice(1));
  const options = [
    { errors: diagonal.errors + (same ? 0 : 1), correct: diagonal.correct + (same ? 1 : 0) },
    ...[bruteForce(a.slice(1), b), bruteForce(a, b.slice(1))].map((o) => ({ ...o, errors: o.errors + 1 })),
  ];
  return options.reduce((best, o) =>
    o.errors < best.errors || (o.errors === best.errors && o.correct > best.correct) ? o : best,
  );
}

/** The whole matrix, without a band. */
function wholeMatrix(a: string[], b: string[]): { errors: number; correct: number } {
  const better = (x: { errors: number; correct: number }, y: typeof x) =>
    x.errors < y.errors || (x.errors === y.errors && x.correct >= y.correct) ? x : y;
  const plus = (x: { errors: number; correct: number }, hit: boolean) =>
    hit ? { errors: x.errors, correct: x.correct + 1 } : { errors: x.errors + 1, correct: x.correct };
  let row = [...b, ""].map((_, j) => ({ errors: j, correct: 0 }));
  for (const token of a) {
    const next = [plus(row[0], false)];
    for (const [j, other] of b.entries()) {
      const indel = better(plus(row[j + 1], false), plus(next[j], false));
      next.push(better(plus(row[j], token === other), indel));
    }
    row = next;
  }
  return row[b.length];
}

describe("align", () => {
  test.each([
    // reference, hypothesis, [substitutions, insertions, deletions, correct]
    ["", "", [0, 0, 0, 0]],
    ["abc", "abc", [0, 0, 0, 3]],
    ["abc", "", [0, 0, 3, 0]],
    ["", "ab", [0, 2, 0, 0]],
    ["kitten", "sitting", [2, 1, 0, 4]],
    ["saturday", "sunday", [1, 0, 2, 5]],
    ["abcd", "axcd", [1, 0, 0, 3]],
    ["abcdef", "bcdefg", [0, 1, 1, 5]],
    // A tie between two substitutions and a deletion with an insertion: the latter keeps the b.
    ["ab", "bc", [0, 1, 1, 1]],
    ["ab", "cd", [2, 0, 0, 0]],
  ] as const)("%j → %j", (reference, hypothesis, expected) => {
    expect(counts(reference, hypothesis)).toEqual(expected);
  });

  test("pairs show what was taken for what", () => {
    const { pairs } = align("THE CAT SAT ON THE MAT".split(" "), "THE CAT SET THE MAT NOW".split(" "), {
      pairs: true,
    });
    expect(pairs?.map(({ reference, hypothesis }) => `${reference ?? "*"}/${hypothesis ?? "*"}`)).toEqual([
      "THE/THE",
      "CAT/CAT",
      // SAT/SET, ON/* has as few errors: of two, the one found first from the end counts.
      "SAT/*",
      "ON/SET",
      "THE/THE",
      "MAT/MAT",
      "*/NOW",
    ]);
  });

  test("equals trying all alignments", () => {
    fc.assert(
      fc.property(text(6), text(6), (a, b) => {
        const result = align(a, b);
        const { substitutions, insertions, deletions, correct } = result;
        expect({ errors: substitutions + insertions + deletions, correct }).toEqual(bruteForce(a, b));
      }),
      { numRuns: 200 },
    );
  });

  test("looks far enough from the diagonal: as good as searching the whole matrix", () => {
    const letters = fc.array(fc.constantFrom(..."abcdefghijkl"), { minLength: 50, maxLength: 100 });
    fc.assert(
      fc.property(letters, letters, fc.integer({ min: 10, max: 40 }), (a, b, shift) => {
        // A copy that is shifted has its best path as far off the diagonal.
        for (const other of [
          b,
          a.slice(shift),
          [...a.slice(shift), ...b.slice(0, shift)],
          [...b.slice(0, shift), ...a],
        ]) {
          const { substitutions, insertions, deletions, correct } = align(a, other);
          expect({ errors: substitutions + insertions + deletions, correct }).toEqual(wholeMatrix(a, other));
        }
      }),
      { numRuns: 200 },
    );
  });

  test("counts add up to both lengths, and pairs spell both sides with those counts", () => {
    fc.assert(
      fc.property(text(60), text(60), (a, b) => {
        const { pairs, ...result } = align(a, b, { pairs: true });
        const { substitutions, insertions, deletions, correct } = result;
        expect(correct + substitutions + deletions).toBe(a.length);
        expect(correct + substitutions + insertions).toBe(b.length);
        expect(align(a, b)).toEqual(result);
        expect(pairs?.map(({ reference }) => reference).filter((token) => token !== null)).toEqual(a);
        expect(pairs?.map(({ hypothesis }) => hypothesis).filter((token) => token !== null)).toEqual(b);
        expect(pairs?.filter(({ reference, hypothesis }) => reference === hypothesis).length).toBe(correct);
        expect(pairs?.filter(({ reference }) => reference === null).length).toBe(insertions);
      }),
    );
  });

  test("swapping the sides swaps insertions and deletions, and the distance is a metric", () => {
    fc.assert(
      fc.property(text(40), text(40), text(40), (a, b, c) => {
        const { insertions, deletions, ...rest } = align(a, b);
        expect(align(b, a)).toEqual({ ...rest, insertions: deletions, deletions: insertions });
        expect(distance(a, c)).toBeLessThanOrEqual(distance(a, b) + distance(b, c));
        expect(distance(a, b) === 0).toBe(a.join() === b.join());
      }),
    );
  });

  test("an utterance of 10,000 words is aligned in a moment, with known errors", () => {
    const reference = Array.from({ length: 10_000 }, (_, index) => `word${index}`);
    // Every 100th word wrong, every 250th missing (those at 500, 1000… are both: missing), and one more at the end.
    const hypothesis = reference
      .map((word, index) => (index % 100 === 0 ? "wrong" : word))
      .filter((_, index) => index % 250 !== 0)
      .concat("more");
    const { pairs, ...result } = align(reference, hypothesis, { pairs: true });
    // 100 wrong, of which 20 (multiples of 500) are missing; 40 missing.
    expect(result).toEqual({ substitutions: 80, insertions: 1, deletions: 40, correct: 9880 });
    expect(pairs?.length).toBe(10_001);
  });
});
