import { describe, expect, it } from "vitest";
import { readCard } from "../../../../src/asr/inference/card.ts";
import { batchBytesPerSecond, mostBatchSeconds } from "../../../../src/asr/inference/card-memory.ts";
import { hostThreads, type Plan, planForCard, planForCpu } from "../../../../src/asr/inference/plan.ts";
import { loadPack } from "../../../../src/asr/pack/load-pack.ts";
import type { PackManifest } from "../../../../src/asr/pack/manifest.ts";
import { PACK } from "../golden.ts";

const MEBIBYTE = 1024 ** 2;
const GIBIBYTE = 1024 ** 3;
/** In 16-bit floats: a billion parameters, and what a second of audio takes (below). */
const MOE_1B = { weightBytes: 2.1 * GIBIBYTE, bytesPerSecond: 17e6, mostSeconds: Number.POSITIVE_INFINITY };

describe("the plan for a pack on the CPU", () => {
  it("gives a small one a session for each core, up to eight, and all cores to those", () => {
    const plans = [1, 2, 8, 20].map((cores) => planForCpu(20 * MEBIBYTE, cores));
    expect(plans.map(({ sessions, threadsPerSession }) => [sessions, threadsPerSession])).toEqual([
      [1, 1],
      [2, 1],
      [8, 1],
      [8, 2],
    ]);
  });

  it("gives a large one a single session and larger batches", () => {
    const [small, large] = [20, 1000].map((size) => planForCpu(size * MEBIBYTE, 4));
    expect(large).toMatchObject({ sessions: 1, threadsPerSession: 4 });
    expect(large.batchSeconds).toBeGreaterThan(small.batchSeconds);
  });
});

describe("what a device leaves to the processor", () => {
  it("is the search's thread alone beside the CPU, and of a card's host half of the cores for it and a quarter for speech", () => {
    const threads = (device: "cpu" | "cuda", cores: number) => Object.values(hostThreads(device, cores));
    expect([2, 16].map((cores) => threads("cpu", cores))).toEqual([
      [1, 0],
      [1, 0],
    ]);
    expect([2, 4, 8, 16, 64].map((cores) => threads("cuda", cores))).toEqual([
      [1, 0],
      [2, 1],
      [4, 2],
      [8, 4],
      [8, 4],
    ]);
  });
});

describe("the plan for a card", () => {
  const plan = (gibibytes: number | null, facts = MOE_1B) =>
    planForCard("cuda", { freeBytes: gibibytes && gibibytes * GIBIBYTE, ...facts }, 4);

  it("puts as much audio into a batch as its memory holds beside the weights", () => {
    const [t4, l4, h100, h200] = [15, 22, 79, 140].map((gibibytes) => plan(gibibytes));
    for (const [gibibytes, { batchSeconds }] of [
      [15, t4],
      [22, l4],
    ] as const) {
      const taken = batchSeconds * MOE_1B.bytesPerSecond + MOE_1B.weightBytes;
      expect(taken).toBeLessThan(0.9 * gibibytes * GIBIBYTE);
      expect(taken).toBeGreaterThan(0.75 * gibibytes * GIBIBYTE);
    }
    expect(h100.batchSeconds).toBe(1920);
    expect(h200.batchSeconds).toBe(1920);
    expect(h100.sessions).toBe(1);
  });

  it("holds a second of twice the bytes half as often, and goes by 16 GiB where nobody tells", () => {
    const single = { ...MOE_1B, weightBytes: 0, bytesPerSecond: 2 * MOE_1B.bytesPerSecond };
    const half = { ...MOE_1B, weightBytes: 0 };
    const [a, b] = [plan(15, single), plan(15, half)].map(({ batchSeconds }) => batchSeconds);
    expect(Math.abs(b - 2 * a)).toBeLessThanOrEqual(1);
    expect(plan(null)).toEqual(plan(15));
  });

  it("has no more audio in a batch than the pack's tensors can count", () => {
    expect(plan(140, { ...MOE_1B, mostSeconds: 1431 }).batchSeconds).toBe(1431);
    expect(plan(15, { ...MOE_1B, mostSeconds: 1431 })).toEqual(plan(15));
  });

  it("shares the memory out where there are several sessions, each with weights of its own", () => {
    const facts = { freeBytes: 22 * GIBIBYTE, ...MOE_1B };
    const [one, two] = [1, 2].map((sessions) => planForCard("cuda", { ...facts, sessions }, 4));
    expect([one.sessions, two.sessions]).toEqual([1, 2]);
    const taken = ({ sessions, batchSeconds }: Plan) =>
      sessions * (MOE_1B.weightBytes + batchSeconds * MOE_1B.bytesPerSecond);
    expect(taken(two)).toBeLessThanOrEqual(taken(one) * 1.01);
    expect(two.batchSeconds).toBeLessThan(one.batchSeconds / 2);
  });

  it("still has a batch where the weights leave next to nothing", () => {
    expect(plan(4)).toMatchObject({ batchSeconds: 30, decoderElements: 32 * MEBIBYTE });
  });

  it("lets one call of the decoder take more where there is more", () => {
    const [t4, h200] = [15, 140].map((gibibytes) => plan(gibibytes).decoderElements);
    expect(t4).toBeGreaterThan(32 * MEBIBYTE);
    expect(h200).toBe(512 * MEBIBYTE);
  });
});

describe("what a batch takes of a card", () => {
  /** The paper's sizes. */
  const paper = {
    frame_shift_ms: 10,
    subsampling: 4,
    feature_dim: 80,
    vocabulary: { size: 5002 },
    segmentation: { max_seconds: 20 },
    architecture: { d_model: 768, heads: 12, ffn: 3072 },
    parameters: { experts_per_token: 2 },
  };

  it("follows from what the pack is made of", async () => {
    const bytes = batchBytesPerSecond(paper as unknown as PackManifest, 2);
    expect(bytes).toBeGreaterThan(15e6);
    expect(bytes).toBeLessThan(20e6);
    const { manifest } = await loadPack(PACK);
    expect(batchBytesPerSecond(manifest, 2)).toBeLessThan(bytes / 4);
    expect(batchBytesPerSecond(manifest, 4)).toBeGreaterThan(batchBytesPerSecond(manifest, 2));
  });

  it("keeps the first convolution's output below 2³¹ elements, by the pack's own channels", async () => {
    const elements = (channels: number, seconds: number) => channels * 40 * 50 * seconds;
    const of = (channels?: number) => {
      const architecture = { ...paper.architecture, ...(channels && { subsampling_channels: channels }) };
      return mostBatchSeconds({ ...paper, architecture } as unknown as PackManifest);
    };
    for (const channels of [96, 768, 1280]) {
      expect(elements(channels, of(channels))).toBeLessThan(2 ** 31);
      expect(elements(channels, of(channels) + 1)).toBeGreaterThanOrEqual(2 ** 31);
    }
    // As WeNet, where the pack does not tell: as many as the model is wide. At the paper's size that is less than a card may take.
    expect(of()).toBe(of(768));
    expect(of()).toBeLessThan(1920);
    expect(mostBatchSeconds((await loadPack(PACK)).manifest)).toBeGreaterThan(1920);
  });

  it("is that of a base-sized model where the pack does not tell", () => {
    const { architecture: _, parameters: __, ...silent } = paper;
    const dense = { ...paper, parameters: {} };
    expect(batchBytesPerSecond(silent as unknown as PackManifest, 4)).toBe(
      batchBytesPerSecond(dense as unknown as PackManifest, 4),
    );
  });
});

describe("the card", () => {
  it("is the first that nvidia-smi tells of", async () => {
    const text = "NVIDIA H200, 580.159.03, 143771, 143155\nNVIDIA L4, 580.159.03, 23034, 22000\n";
    const expected = { name: "NVIDIA H200", driver: "580.159.03" };
    const bytes = { totalBytes: 143_771 * MEBIBYTE, freeBytes: 143_155 * MEBIBYTE };
    expect(await readCard(async () => text)).toEqual({ ...expected, ...bytes });
  });

  it.each(["", "No devices were found\n", "NVIDIA Tegra, 540.4, [N/A], [N/A]\n"])(
    "is unknown where it says %j",
    async (text) => expect(await readCard(async () => text)).toBeNull(),
  );

  it("is unknown where there is no nvidia-smi", async () => {
    expect(await readCard(() => Promise.reject(new Error("ENOENT")))).toBeNull();
  });
});
