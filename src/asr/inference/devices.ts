import { globSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { InferenceSession } from "onnxruntime-node";

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
  return cudaIsInstalled() ? ["cuda", "cpu"] : ["cpu"];
}

/** The CUDA provider is a library of its own, which the package's install script fetches only when asked to. */
function cudaIsInstalled(): boolean {
  const folder = dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"));
  return (
    globSync(join(folder, "bin/napi-v*", process.platform, process.arch, "*onnxruntime_providers_cuda.*"))
      .length > 0
  );
}

/**
 * Session options of onnxruntime for a device. Shapes differ in every batch, so no memory pattern is worth keeping. The
 * arena keeps memory for the next run: tensors of megabytes would else be mapped and faulted in at each use, a seventh of a
 * large model's encoder time and a twentieth of a small one's throughput (bench/NOTES.md).
 */
export function sessionOptions(device: Device, threads: number): InferenceSession.SessionOptions {
  return {
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
