import { copyFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkCuda, cudaIsMissing } from "../../../../src/asr/inference/devices.ts";
import { describeMissing, missingLibraries } from "../../../../src/asr/inference/missing-libraries.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const package_ = dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"));
const binding = join(package_, `bin/napi-v6/${process.platform}/${process.arch}/onnxruntime_binding.node`);

describe("libraries that a provider lacks", () => {
  it("are named: those it is linked against, and those it opens at work", async () => {
    expect(await missingLibraries(binding, ["libc.so.6"])).toEqual([]);
    const alone = join(await temporaryFolder(), "onnxruntime_binding.node");
    await copyFile(binding, alone);
    expect(await missingLibraries(alone, ["libcudnn.so.0"])).toEqual([
      "libonnxruntime.so.1",
      "libcudnn.so.0",
    ]);
  });

  it("are told of the driver's own", () => {
    const sentence = describeMissing("/a/libp.so", ["libcuda.so.1", "libcudart.so.13"]);
    expect(sentence).toBe(
      "libp.so lacks libcuda.so.1, libcudart.so.13 (libcuda.so.1 is part of NVIDIA's driver)",
    );
  });
});

describe("a machine without CUDA", () => {
  it("is refused by name of what is missing, before anything is loaded", async () => {
    const alone = join(await temporaryFolder(), "libonnxruntime_providers_cuda.so");
    await copyFile(binding, alone);
    const refused = expect(checkCuda(alone)).rejects;
    await refused.toThrow(/libonnxruntime_providers_cuda\.so lacks libonnxruntime\.so\.1, libcudnn\.so\.9\./);
    await expect(checkCuda(alone)).rejects.toMatchObject({ code: "device_unavailable" });
    await expect(checkCuda(undefined)).rejects.toThrow("CUDA provider is not installed");
  });

  it("but with a card is told of, and one without a card is not", async () => {
    const driver = join(await temporaryFolder(), "version");
    expect(cudaIsMissing(driver)).toBeNull();
    await writeFile(driver, "NVRM version: 580");
    expect(cudaIsMissing(driver)).toMatchObject({
      device: "cuda",
      reason: expect.stringContaining("not installed"),
    });
  });
});
