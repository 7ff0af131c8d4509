import { describe, expect, it } from "vitest";
import { choosePlan } from "../../../../src/asr/inference/plan.ts";

const MEBIBYTE = 1024 ** 2;

describe("the plan for a pack", () => {
  it("gives a small one a session for each core, up to eight, and all cores to those", () => {
    const plans = [1, 2, 8, 20].map((cores) => choosePlan("cpu", 20 * MEBIBYTE, cores));
    expect(plans.map(({ sessions, threadsPerSession }) => [sessions, threadsPerSession])).toEqual([
      [1, 1],
      [2, 1],
      [8, 1],
      [8, 2],
    ]);
  });

  it("gives a large one a single session and larger batches", () => {
    const [small, large] = [20, 1000].map((size) => choosePlan("cpu", size * MEBIBYTE, 4));
    expect(large).toMatchObject({ sessions: 1, threadsPerSession: 4 });
    expect(large.batchSeconds).toBeGreaterThan(small.batchSeconds);
  });

  it("gives a GPU a single session whatever the pack", () => {
    for (const device of ["cuda", "webgpu"] as const) {
      expect(choosePlan(device, 20 * MEBIBYTE, 4)).toMatchObject({ sessions: 1, threadsPerSession: 4 });
    }
  });
});
