import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { H200, MACHINES } from "../../bench/gpu/cards.ts";
import { costTable, MODELS, scaledRtfx, shareOf, workPerSecond } from "../../bench/gpu/cost.ts";

const [T4, , , , H100] = MACHINES;
const MOE = MODELS["MoE-1B"];

describe("the cost of an hour of audio on a card", () => {
  it("follows from work, FLOPs and bandwidth", () => {
    const { flops, bytes } = workPerSecond(MOE);
    // 15 to 40 GFLOP a second of audio: subsampling 5, blocks 10, decoders the rest.
    expect(flops).toBeGreaterThan(15e9);
    expect(flops).toBeLessThan(40e9);
    const card = { flops, bandwidth: bytes };
    // One second for the products and one for the memory: half a second of audio a second; a fifth of that is 0.1.
    expect(scaledRtfx(MOE, card, 1)).toBeCloseTo(0.5, 10);
    expect(scaledRtfx(MOE, card, 0.2)).toBeCloseTo(0.1, 10);
  });

  it("is scaled from a measurement by the share that explains it", () => {
    const share = shareOf(MOE, H100, 5000);
    expect(scaledRtfx(MOE, H100, share)).toBeCloseTo(5000, 6);
    expect(scaledRtfx(MOE, T4, share)).toBeLessThan(5000 / 8);
  });

  it("is what docs/operations.md has, from the measurement on an H200 that is kept", async () => {
    const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");
    const { packs } = JSON.parse(await read("bench/results/gpu-nvidia-h200.json"));
    const moe = packs.find(({ pack }: { pack: string }) => pack === "moe-1b");
    const { utterances, wholeMs } = moe.figures.at(-1);
    const rtfx = Math.round((utterances * moe.seconds * 1000) / wholeMs);
    const docs = await read("docs/operations.md");
    expect(docs).toContain(`--measured H200=${rtfx}`);
    const rounded = (shapes: (typeof MODELS)[string], machine: (typeof MACHINES)[number]) =>
      Math.round(scaledRtfx(shapes, machine, shareOf(MOE, H200, rtfx)) / 10) * 10;
    for (const machine of MACHINES) {
      const { instance, card, onDemand } = machine;
      const row = [
        `${instance} (${card})`,
        onDemand,
        rounded(MODELS["Dense-225M"], machine),
        rounded(MOE, machine),
      ];
      expect(docs).toContain(`| ${row.join(" | ")} |`);
    }
  });

  it("is less for the model with less work, on every machine", () => {
    for (const machine of MACHINES)
      expect(scaledRtfx(MODELS["Dense-225M"], machine, 0.2)).toBeGreaterThan(scaledRtfx(MOE, machine, 0.2));
    expect(costTable(0.2).split("\n")).toHaveLength(MACHINES.length + 2);
  });
});
