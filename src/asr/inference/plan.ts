import { availableParallelism } from "node:os";
import type { Device } from "./devices.ts";

/** How the engine works unless it is told otherwise. The CPU's figures are measured (bench/NOTES.md), the others are not yet. */
export interface Plan {
  /** Copies of the graphs side by side. */
  sessions: number;
  threadsPerSession: number;
  /** Whether memory of one run is kept for the next. */
  arena: boolean;
  /** Seconds of audio in a batch, padding included. */
  batchSeconds: number;
  /** Utterances in a batch. */
  batchUtterances: number;
  /** Seconds of audio that cost as much as one batch more, whatever is in it. */
  batchOverheadSeconds: number;
}

/** Above this, a second copy of the weights costs more memory than it saves time. */
const SMALL_PACK_BYTES = 256 * 1024 * 1024;
const MOST_SESSIONS = 8;

const SMALL_BATCH = { batchSeconds: 48, batchUtterances: 16, batchOverheadSeconds: 2 };
const LARGE_BATCH = { batchSeconds: 96, batchUtterances: 32, batchOverheadSeconds: 1 };
const WEBGPU_BATCH = { batchSeconds: 240, batchUtterances: 32, batchOverheadSeconds: 10 };
const CUDA_BATCH = { batchSeconds: 960, batchUtterances: 128, batchOverheadSeconds: 40 };

/** The plan for a device and the bytes of the graphs that run there. */
export function choosePlan(device: Device, packBytes: number, cores = availableParallelism()): Plan {
  const one = { sessions: 1, threadsPerSession: cores };
  if (device === "cuda") return { ...one, arena: false, ...CUDA_BATCH };
  if (device === "webgpu") return { ...one, arena: false, ...WEBGPU_BATCH };
  return packBytes > SMALL_PACK_BYTES ? planForLarge(cores) : planForSmall(cores);
}

/**
 * One session on all cores, with an arena: tensors of megabytes would be given back to the system after each use and
 * faulted in again, a seventh of the encoder's time. Experts share out a batch, so that it has to be larger.
 */
function planForLarge(cores: number): Plan {
  return { sessions: 1, threadsPerSession: cores, arena: true, ...LARGE_BATCH };
}

/**
 * A session for each core: matrix products of a small model are too small to share. An arena would only hold on to the
 * most that a run has needed.
 */
function planForSmall(cores: number): Plan {
  const sessions = Math.min(cores, MOST_SESSIONS);
  const threadsPerSession = Math.max(1, Math.floor(cores / sessions));
  return { sessions, threadsPerSession, arena: false, ...SMALL_BATCH };
}
