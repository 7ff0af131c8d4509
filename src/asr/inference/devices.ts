import { globSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
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

/** How many copies of the graphs run side by side, and on how many threads each. */
export interface Parallelism {
  sessions: number;
  threadsPerSession: number;
}

/** How one copy of the graphs is opened. */
export interface SessionSetup {
  threads: number;
  /** Whether memory of one run is kept for the next; see `keepsMemory`. */
  arena: boolean;
}

/** Above this, a second copy of the weights costs more memory than it saves time. */
const SMALL_PACK_BYTES = 256 * 1024 * 1024;
const MOST_SESSIONS = 8;

/**
 * A small model scales better as several one-threaded sessions than as one session on all cores: its matrix
 * products are too small to share (bench/NOTES.md). A large one, or a GPU, gets a single session.
 */
export function chooseParallelism(
  device: Device,
  packBytes: number,
  cores = availableParallelism(),
): Parallelism {
  if (device !== "cpu" || packBytes > SMALL_PACK_BYTES) return { sessions: 1, threadsPerSession: cores };
  const sessions = Math.min(cores, MOST_SESSIONS);
  return { sessions, threadsPerSession: Math.max(1, Math.floor(cores / sessions)) };
}

/**
 * An arena holds on to the most that a run has needed. A large model's tensors are of megabytes, which the allocator would
 * give back to the system after each use and fault in again: a seventh of its encoder's time. A small one is as fast without.
 */
export function keepsMemory(device: Device, packBytes: number): boolean {
  return device === "cpu" && packBytes > SMALL_PACK_BYTES;
}

/** Session options of onnxruntime for a device. Shapes differ in every batch, so no memory pattern is worth keeping. */
export function sessionOptions(
  device: Device,
  { threads, arena }: SessionSetup,
): InferenceSession.SessionOptions {
  return {
    executionProviders: device === "cpu" ? ["cpu"] : [device, "cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    enableMemPattern: false,
    enableCpuMemArena: arena,
    logSeverityLevel: 3,
  };
}
