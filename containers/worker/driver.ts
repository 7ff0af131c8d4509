import { readFile } from "node:fs/promises";

/** What CUDA 13, which the image brings, needs of the machine: https://docs.nvidia.com/deploy/cuda-compatibility/ */
export const LEAST_DRIVER = 580;

/** Of NVIDIA's kernel module, which containers with a GPU get to see. */
const VERSION_FILE = "/proc/driver/nvidia/version";

/**
 * Throws where the machine's NVIDIA driver is too old for CUDA 13, with a sentence that helps: CUDA itself would only
 * say that it has no device.
 */
export async function checkDriver(versionFile = VERSION_FILE): Promise<void> {
  const text = await readFile(versionFile, "utf8").catch(() => null);
  const version = /^NVRM version:.*?\b(\d+)((?:\.\d+)+)\b/m.exec(text ?? "");
  if (!version) throw new Error(`There is no NVIDIA driver: ${versionFile} does not tell of one.`);
  const [, major, rest] = version;
  if (Number(major) >= LEAST_DRIVER) return;
  throw new Error(
    `The machine's NVIDIA driver is ${major}${rest}, and CUDA 13 needs ${LEAST_DRIVER} or newer: ` +
      "start workers from a newer image of the system (docs/deploy.md, GPU machines).",
  );
}
