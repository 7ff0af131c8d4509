import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { summarise, watching } from "../../bench/gpu/watch.ts";
import { gemmModel } from "../../bench/limit/gemm-peak.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

describe("a card that is watched", () => {
  it("has its most memory and its mean of watts told", () => {
    expect(summarise(["1000, 100.5", "3000, 299.5", "2000, 200"])).toEqual({
      memoryMiB: 3000,
      meanWatts: 200,
    });
  });

  it("may not tell its watts, or be none", () => {
    expect(summarise(["1000, [N/A]"])).toEqual({ memoryMiB: 1000, meanWatts: null });
    expect(summarise(["No devices were found"])).toBeNull();
  });

  it("is asked while the work goes on", async () => {
    const folder = await temporaryFolder();
    const [script, asked] = [join(folder, "nvidia-smi"), join(folder, "asked")];
    await writeFile(script, `#!/bin/sh\necho '512, 70'\necho '256, 90'\ntouch ${asked}\nexec sleep 1000\n`, {
      mode: 0o755,
    });
    const { result, use } = await watching(async () => {
      await expect.poll(() => existsSync(asked)).toBe(true);
      // Its lines arrive in their order, before what comes after them.
      return new Promise<string>((resolve) => setImmediate(() => setImmediate(() => resolve("done"))));
    }, script);
    expect(result).toBe("done");
    expect(use).toEqual({ memoryMiB: 512, meanWatts: 80 });
  });

  it("that is not there is no fault", async () => {
    expect(await watching(async () => 1, "/nowhere")).toEqual({ result: 1, use: null });
  });
});

describe("products in 16-bit floats", () => {
  it("give what those in 32 bits give, but for rounding", async () => {
    const largest = async (half: boolean) => {
      const session = await InferenceSession.create(gemmModel(64, 128, 4, half));
      const rows = new Tensor("float32", new Float32Array(5).fill(1), [5, 1]);
      const { largest: value } = await session.run({ rows });
      await session.release();
      return (value.data as Float32Array)[0];
    };
    const [single, half] = [await largest(false), await largest(true)];
    expect(half).not.toBe(single);
    expect(Math.abs(half - single)).toBeLessThan(0.02 * Math.abs(single));
  });
});
