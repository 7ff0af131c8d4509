import { expect, it } from "vitest";
import { EngineError } from "../../../../src/asr/errors.ts";
import { rank } from "../../../../src/asr/inference/best-index.ts";

const orders = (count: number, best: number, places: number) =>
  rank(count, best, places).map(({ order }) => order);

it("puts the decoder's choice first and the others in their order behind it", () => {
  expect(orders(4, 2, 4)).toEqual([2, 0, 1, 3]);
  expect(orders(6, 1, 4)).toEqual([1, 0, 2, 3, 4, 5]);
});

it("takes a place beyond the n-best for the first hypothesis, which fills it", () => {
  expect(orders(2, 3, 4)).toEqual([0, 1]);
});

it("tells no confidence", () => {
  expect(rank(1, 0, 4)).toEqual([{ order: 0, confidence: null, tokenConfidences: null }]);
});

it.each([-1, 4, Number.NaN])("does not believe a choice of %d", (best) => {
  expect(() => rank(4, best, 4)).toThrow(EngineError);
});
