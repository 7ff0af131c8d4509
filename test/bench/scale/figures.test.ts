import { describe, expect, it } from "vitest";
import { drawScale } from "../../../bench/scale/chart.ts";
import { figuresOf, ratiosOf } from "../../../bench/scale/figures.ts";
import { toText } from "../../../bench/scale/report.ts";
import { groupByMemory, type Measured, memoryNeeded } from "../../../bench/scale/rounds.ts";

/** Ten seconds of audio; `encoder` in ms of thread time for each run. */
function measured(name: string, encoder: number[], encoderFlops: number, sessions = 1): Measured {
  const work = { utterances: 2, frames: 240, hypotheses: 20, tokens: 100, encoderFlops, decoderFlops: 5e9 };
  return {
    loaded: {
      name,
      device: "cpu",
      precision: "single",
      sessions,
      threadsPerSession: 1,
      loadMs: 1000,
      rss: 2 ** 30,
    },
    peakRss: 2 ** 31,
    runs: encoder.map((ms) => ({
      stages: {
        decode: 10,
        segment: 10,
        frontend: 20,
        encoder: ms,
        beam: 10,
        rescoring: 100,
        align: 0,
        punctuation: 0,
      },
      cpu: 2 * (ms + 150),
      cpuOutside: 30,
      main: 10,
      wall: ms + 150,
      duration: 10,
      work,
      rss: [],
    })),
  };
}

const SMALL = measured("small", [100, 200, 150], 10e9);
const LARGE = measured("large", [300, 400, 150], 30e9);

describe("figures of a pack", () => {
  it("are medians over its runs, in seconds of work per second of audio", () => {
    const { wallRtf, stageRtf, outsideOnnxruntime } = figuresOf(SMALL, 100e9);
    expect(wallRtf).toBeCloseTo(0.03, 10);
    expect(stageRtf).toMatchObject({ encoder: 0.015, rescoring: 0.01 });
    expect(outsideOnnxruntime).toBeCloseTo(30 / 600, 10);
  });

  it("say how near to the machine's peak it is", () => {
    // 10 GFLOP at 100 GFLOP/s are 100 ms, and the median of the runs is 150; rescoring: 50 of 100 ms.
    const { encoderShare, rescoringShare } = figuresOf(SMALL, 100e9);
    expect(encoderShare).toBeCloseTo(100 / 150, 10);
    expect(rescoringShare).toBeCloseTo(0.5, 10);
    // Two sessions side by side: their 150 ms of thread time are 75 by the clock.
    expect(figuresOf(measured("twin", [150], 5e9, 2), 100e9).encoderShare).toBeCloseTo(50 / 75, 10);
  });
});

describe("ratios", () => {
  it("are of runs by turns, of every pack over those before it", () => {
    const third = measured("third", [100, 200, 150], 20e9);
    const ratios = ratiosOf([SMALL, LARGE, third]);
    expect(ratios.map(({ pack, over }) => [pack, over])).toEqual([
      ["large", "small"],
      ["third", "small"],
      ["third", "large"],
    ]);
    expect(ratios[0]).toMatchObject({
      encoder: { median: 2, least: 1, most: 3 },
      encoderFlops: 3,
      rescoringFlops: 1,
    });
    expect(ratios[1]).toMatchObject({ wall: { median: 1, least: 1, most: 1 } });
  });
});

describe("packs in memory", () => {
  it("stand together while there is room", () => {
    expect(groupByMemory([1, 4, 1], 6)).toEqual([[0, 1, 2]]);
    expect(groupByMemory([1, 4, 1], 5)).toEqual([[0, 1], [2]]);
  });

  it("stand alone where there is too little for any", () => {
    expect(groupByMemory([4, 4], 1)).toEqual([[0], [1]]);
  });

  it("need no more for weights stored in 16 bits than for the same in 32", () => {
    expect(memoryNeeded(4e9, 1e9)).toBe(5e9 + 2 ** 30);
    expect(memoryNeeded(2e9, 1e9)).toBe(5e9 + 2 ** 30);
    expect(memoryNeeded(1e9, 1e9)).toBe(3e9 + 2 ** 30);
  });
});

describe("the report", () => {
  const shapes = {
    bins: 80,
    channels: 64,
    size: 144,
    heads: 4,
    blocks: 6,
    kernel: 15,
    hidden: 288,
    decoderHidden: 288,
    leftBlocks: 2,
    rightBlocks: 1,
    vocabulary: 31,
    experts: 8,
    activeExperts: 2,
    parameters: 1000,
  };
  const result = {
    machine: "a machine",
    audio: "10 s",
    runs: 3,
    order: "packs by turns",
    peak: { rows: 94, size: 144, hidden: 288, flops: 100e9 },
    packs: [SMALL, LARGE].map((one) => ({ measured: one, shapes, bytes: 2 ** 30 })),
  };

  it("has shapes, stages, ratios and the limit", () => {
    const text = toText(result);
    expect(text).toContain("small: D 144, 4 heads, 6 blocks, FFN 288, 8 experts, top 2");
    expect(text).toMatch(/wall clock +0\.03000 +0\.04500/);
    expect(text).toMatch(
      /large +small +[\d.]+ \([\d. to]+\) +2\.00 \(1\.00 to 3\.00\) +3\.00 +1\.00 .* 1\.00$/m,
    );
    expect(text).toMatch(/small +encoder +10\.0 +0\.01000 +0\.01500 +66\.7 %/);
  });

  it("is drawn with a bar of three parts and a floor for each pack", () => {
    const svg = drawScale(result);
    expect(svg.match(/<rect [^>]*height="22"/g)).toHaveLength(6);
    expect(svg.match(/stroke="#c0392b"/g)).toHaveLength(3);
    expect(svg).not.toContain("NaN");
  });
});
