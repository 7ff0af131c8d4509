import { existsSync, globSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { InferenceSession } from "onnxruntime-node";
import { EngineError } from "../errors.ts";
import type { PackGraphs } from "../pack/manifest.ts";
import { describeMissing, missingLibraries } from "./missing-libraries.ts";

/** Where the graphs run. */
export type Device = "cpu" | "webgpu" | "cuda";
export type DeviceChoice = Device | "auto";

export const DEVICE_CHOICES: readonly DeviceChoice[] = ["auto", "cpu", "webgpu", "cuda"];

/**
 * The devices to try, in order. `auto` takes CUDA where its libraries are installed and load, else the CPU. It leaves
 * WebGPU to those who ask for it: a software Vulkan driver loads as well as a real one and is far slower than the CPU.
 */
export function devicesToTry(choice: DeviceChoice): Device[] {
  if (choice !== "auto") return [choice];
  return cudaProvider() ? ["cuda", "cpu"] : ["cpu"];
}

/** Where NVIDIA's driver tells of itself. */
const NVIDIA_DRIVER = "/proc/driver/nvidia/version";

/** Why CUDA is not even tried on a machine that has a card for it; null where it is tried, or there is no card. */
export function cudaIsMissing(driver = NVIDIA_DRIVER): { device: "cuda"; reason: string } | null {
  if (cudaProvider() || !existsSync(driver)) return null;
  const reason = "onnxruntime's CUDA provider is not installed, though there is an NVIDIA driver.";
  return { device: "cuda", reason };
}

/** The CUDA provider is a library of its own, which the package's install script fetches only when asked to. */
function cudaProvider(): string | undefined {
  const folder = dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"));
  return globSync(
    join(folder, "bin/napi-v*", process.platform, process.arch, "*onnxruntime_providers_cuda.*"),
  )[0];
}

/** cuDNN computes convolutions; the provider opens it when the first one comes. */
const OPENED_AT_WORK = ["libcudnn.so.9"];

/**
 * Throws EngineError device_unavailable where CUDA cannot work for want of a library, naming it: onnxruntime would say no
 * more than that it failed to load, or at the first convolution that it is not implemented.
 */
export async function checkCuda(provider = cudaProvider()): Promise<void> {
  if (provider === undefined)
    throw unavailable("onnxruntime's CUDA provider is not installed (docs/deploy.md, GPU machines)");
  const missing = await missingLibraries(provider, OPENED_AT_WORK);
  if (missing.length > 0) throw unavailable(describeMissing(provider, missing));
}

function unavailable(reason: string): EngineError {
  return new EngineError(
    "device_unavailable",
    `The model does not run on cuda: ${reason}. Use another device (cpu always works), or install what is missing.`,
  );
}

/** Weights lie outside the arena, whose blocks grow by doubling: gigabytes of them would take twice their memory. */
const ON_CARD = { extra: { session: { use_device_allocator_for_initializers: "1" } } };

/**
 * Session options of onnxruntime for a device. Shapes differ in every batch, so no memory pattern is worth keeping. The
 * arena keeps memory for the next run: tensors of megabytes would else be mapped and faulted in at each use, a seventh of a
 * large model's encoder time and a twentieth of a small one's throughput (bench/NOTES.md).
 */
export function sessionOptions(
  device: Device,
  threads: number,
  graph?: keyof PackGraphs,
): InferenceSession.SessionOptions {
  return {
    ...(device !== "cpu" && ON_CARD),
    // Of all that could stay on the card from one graph to the next, this alone works from Node (docs/performance.md).
    ...(device === "webgpu" &&
      graph === "frontend" && { preferredOutputLocation: { features: "gpu-buffer" } }),
    executionProviders: device === "cpu" ? ["cpu"] : [device, "cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    enableMemPattern: false,
    enableCpuMemArena: device === "cpu",
    logSeverityLevel: 3,
  };
}
