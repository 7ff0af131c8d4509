import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

/** A software Vulkan driver that Debian's package chromium brings: it makes a GPU of any machine. */
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const present = existsSync(SWIFTSHADER);

describe("the webgpu device", () => {
  if (process.env.CI)
    it("has a driver to be tested on (CI installs chromium)", () => expect(present).toBe(true));

  // Without the driver there is nothing to run it on; in CI the line above makes that a failure.
  it.skipIf(!present)(
    "computes what the CPU computes, the fused MoE operator included",
    { timeout: 600_000 },
    async () => {
      const script = fileURLToPath(new URL("./compare.ts", import.meta.url));
      const env = { ...process.env, VK_ICD_FILENAMES: SWIFTSHADER };
      const { stdout } = await promisify(execFile)(process.execPath, [script, "webgpu"], { env });
      const { probabilities, scores, sameNbests } = JSON.parse(stdout) as Record<string, number | boolean>;
      // Equal to the last bit would mean that the CPU did the work after all.
      expect(probabilities).toBeGreaterThan(0);
      expect(probabilities).toBeLessThan(1e-3);
      expect(scores).toBeLessThan(1e-2);
      expect(sameNbests).toBe(true);
    },
  );

  it.skipIf(!present)(
    "is used in 32 bits where it has no 16-bit floats, and hears what the CPU hears, at the same times",
    { timeout: 600_000 },
    async () => {
      const script = fileURLToPath(new URL("./transcribe.ts", import.meta.url));
      const file = fileURLToPath(
        new URL("../../../fixtures/utterances/slt-enter-nine-one-seven.wav", import.meta.url),
      );
      const env = { ...process.env, VK_ICD_FILENAMES: SWIFTSHADER };
      const run = async (device: string) =>
        JSON.parse((await promisify(execFile)(process.execPath, [script, device, file], { env })).stdout);
      const [there, here] = [await run("webgpu"), await run("cpu")];
      expect(there).toMatchObject({ device: "webgpu", precision: "single" });
      expect(here.words.length).toBeGreaterThan(2);
      expect(there.words).toEqual(here.words);
    },
  );
});
