import { expect, it } from "vitest";
import { judge } from "../../bench/length.ts";

const figures = (minutes: number, rtf: number, steadyRss: number) => ({
  minutes,
  rtf,
  steadyRss,
  peakRss: 0,
});

it("the longest is held against the shortest that fills the engine's batches", () => {
  const short = figures(1, 0.02, 300);
  const ten = figures(10, 0.01, 400);
  expect(judge([figures(600, 0.0105, 480), ten, short])).toMatchObject({ from: 10, to: 600, flat: true });
  expect(judge([short, ten, figures(600, 0.012, 480)])).toMatchObject({ flat: false });
  expect(judge([short, ten, figures(600, 0.01, 600)])).toMatchObject({ rssGrowth: 1.5, flat: false });
  expect(judge([short])).toMatchObject({ from: 1, to: 1, flat: true });
});
