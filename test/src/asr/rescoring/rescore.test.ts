import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EngineError } from "../../../../src/asr/errors.ts";
import { packedWidth, packHypotheses, rescore } from "../../../../src/asr/rescoring/rescore.ts";
import { PACK, packWeights } from "../golden.ts";

interface Golden {
  utterances: {
    wav: string;
    nbest: { tokens: number[]; ctc: number; l2r: number; r2l: number; final: number }[];
  }[];
}

const readJson = (name: string) => JSON.parse(readFileSync(`${PACK}/${name}`, "utf8"));
const golden: Golden = readJson("golden.json");
const weights = packWeights({ manifest: readJson("model.json") });
const hypothesis = (tokens: number[], ctcScore: number) => ({ tokens: Int32Array.from(tokens), ctcScore });

/** Rows of log-probs, padded to the width with what must not be read. */
function rows(width: number, ...targets: number[][]): Float32Array {
  const padding = (used: number) => new Array<number>(width - used).fill(Number.NaN);
  return Float32Array.from(targets.flatMap((row) => [...row, ...padding(row.length)]));
}

describe("rescoring", () => {
  test("weighs both directions and the CTC score", () => {
    const nbest = [hypothesis([5, 6], -1), hypothesis([5], -4), hypothesis([], -9)];
    const l2r = rows(4, [-0.5, -0.25, -0.25], [-0.125, -0.125], [-3]);
    const r2l = rows(4, [-1, -0.5, -0.5], [-0.25, -0.25], [-5]);
    const options = { ctcWeight: 0.5, reverseWeight: 0.25 };
    const [first, second, third] = rescore({ nbest, l2r, r2l, width: 4 }, options);
    expect(first).toMatchObject({ order: 0, attention: -1.25, final: -1.75 });
    expect(second).toMatchObject({ order: 1, attention: -0.3125, final: -2.3125 });
    expect(third).toMatchObject({ order: 2, attention: -3.5, final: -8 });
    expect(first.confidence).toBeCloseTo(Math.exp(-1.25 / 3), 12);
    expect(first.tokenConfidences[0]).toBeCloseTo((Math.exp(-0.5) + Math.exp(-1)) / 2, 6);
    expect(third.confidence).toBeCloseTo(Math.exp(-3.5), 12);
    expect(third.tokenConfidences).toEqual(new Float32Array());
  });

  test("puts the hypothesis the decoder prefers first, and of equal ones the beam's first", () => {
    const nbest = [hypothesis([1], -1), hypothesis([2], -1), hypothesis([3], -1)];
    const l2r = rows(2, [-2, 0], [-1, 0], [-1, 0]);
    const order = rescore({ nbest, l2r, r2l: l2r, width: 2 }, { ctcWeight: 0.5, reverseWeight: 0.3 });
    expect(order.map((scored) => scored.order)).toEqual([1, 2, 0]);
  });

  test("does not read the right-to-left decoder when its weight is 0", () => {
    const nbest = [hypothesis([1], -1)];
    const l2r = rows(2, [-0.5, -0.5]);
    const r2l = new Float32Array(2).fill(Number.NEGATIVE_INFINITY);
    const [best] = rescore({ nbest, l2r, r2l, width: 2 }, { ctcWeight: 1, reverseWeight: 0 });
    expect(best).toMatchObject({ attention: -1, final: -2 });
    expect(best.tokenConfidences[0]).toBeCloseTo(Math.exp(-0.5), 6);
  });

  test.each(golden.utterances)("gives the pack's golden final scores of $wav", ({ nbest }) => {
    const width = packedWidth(nbest.map(({ tokens }) => ({ tokens: Int32Array.from(tokens) })));
    // Only sums are on file: spread each evenly over its tokens and eos.
    const spread = (sum: number, n: number) => new Array<number>(n + 1).fill(sum / (n + 1));
    const l2r = rows(width, ...nbest.map((h) => spread(h.l2r, h.tokens.length)));
    const r2l = rows(width, ...nbest.map((h) => spread(h.r2l, h.tokens.length)));
    const hypotheses = nbest.map(({ tokens, ctc }) => hypothesis(tokens, ctc));
    const input = { nbest: hypotheses, l2r, r2l, width };
    const scored = rescore(input, weights);
    expect(nbest[scored[0].order].final).toBe(Math.max(...nbest.map(({ final }) => final)));
    for (const { order, final } of scored) expect(Math.abs(final - nbest[order].final)).toBeLessThan(2e-4);
  });

  test("gives each hypothesis once, best first, with confidences from 0 to 1", () => {
    const logProb = fc.float({ min: -20, max: 0, noNaN: true });
    const row = fc.record({ left: logProb, right: logProb, ctc: logProb, n: fc.integer({ min: 0, max: 6 }) });
    const weights = fc.record({
      ctcWeight: fc.double({ min: 0, max: 2, noNaN: true }),
      reverseWeight: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const property = fc.property(fc.array(row, { maxLength: 10 }), weights, (list, options) => {
      const nbest = list.map(({ n, ctc }) => hypothesis(new Array<number>(n).fill(1), ctc));
      const l2r = rows(7, ...list.map(({ left, n }) => new Array<number>(n + 1).fill(left)));
      const r2l = rows(7, ...list.map(({ right, n }) => new Array<number>(n + 1).fill(right)));
      const scored = rescore({ nbest, l2r, r2l, width: 7 }, options);
      expect(scored.map(({ order }) => order).sort((a, b) => a - b)).toEqual([...nbest.keys()]);
      for (const [i, { order, final, confidence, tokenConfidences }] of scored.entries()) {
        if (i > 0) expect(final).toBeLessThanOrEqual(scored[i - 1].final);
        expect(tokenConfidences.length).toBe(list[order].n);
        expect([confidence, ...tokenConfidences].every((value) => value >= 0 && value <= 1)).toBe(true);
      }
    });
    fc.assert(property);
  });

  test("refuses weights and scores that make no sense", () => {
    const input = { nbest: [hypothesis([], 0)], l2r: rows(1, [Number.NaN]), r2l: rows(1, [0]), width: 1 };
    expect(() => rescore(input, { ctcWeight: -1, reverseWeight: 0 })).toThrow(EngineError);
    expect(() => rescore(input, { ctcWeight: 1, reverseWeight: 1.5 })).toThrow(EngineError);
    expect(() => rescore(input, { ctcWeight: 1, reverseWeight: 0.3 })).toThrow(EngineError);
  });
});

describe("packing hypotheses for the decoder", () => {
  const nbest = [hypothesis([7, 8, 9], 0), hypothesis([], 0)];

  test("puts sos in front and eos behind, and fills missing rows with the empty hypothesis", () => {
    expect(packedWidth(nbest)).toBe(4);
    const { hyps, lens } = packHypotheses(nbest, 3, 5, 1, 2);
    expect([...hyps]).toEqual([1n, 7n, 8n, 9n, 2n, 1n, 2n, 2n, 2n, 2n, 1n, 2n, 2n, 2n, 2n]);
    expect([...lens]).toEqual([4, 1, 1]);
  });

  test("writes into its part of a batch", () => {
    const hyps = new BigInt64Array(20).fill(-1n); // [2, 2, 5]
    const lens = new Int32Array(4).fill(-1); // [2, 2]
    packHypotheses(nbest, 2, 5, 1, 2, { hyps: hyps.subarray(10), lens: lens.subarray(2) });
    expect([...hyps.subarray(0, 10)]).toEqual(new Array(10).fill(-1n));
    expect([...hyps.subarray(10)]).toEqual([1n, 7n, 8n, 9n, 2n, 1n, 2n, 2n, 2n, 2n]);
    expect([...lens]).toEqual([-1, -1, 4, 1]);
  });

  test("refuses what does not fit", () => {
    expect(() => packHypotheses(nbest, 1, 5, 1, 2)).toThrow(RangeError);
    expect(() => packHypotheses(nbest, 2, 3, 1, 2)).toThrow(RangeError);
  });
});
