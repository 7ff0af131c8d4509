import { availableParallelism } from "node:os";
import type { Device } from "./devices.ts";

/** How the engine works unless it is told otherwise. The CPU's figures are measured (bench/NOTES.md), the others are not yet. */
export interface Plan {
  /** Copies of the graphs side by side. */
  sessions: number;
  threadsPerSession: number;
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

/** Of a small pack on the CPU, and of every other on each device. Experts share out a batch, so that it has to be larger. */
const SMALL_BATCH = { batchSeconds: 48, batchUtterances: 16, batchOverheadSeconds: 2 };
const BATCH = {
  cpu: { batchSeconds: 96, batchUtterances: 32, batchOverheadSeconds: 1 },
  webgpu: { batchSeconds: 240, batchUtterances: 32, batchOverheadSeconds: 10 },
  cuda: { batchSeconds: 960, batchUtterances: 128, batchOverheadSeconds: 40 },
};

/** The plan for a device and the bytes of the graphs that run there. */
export function choosePlan(device: Device, packBytes: number, cores = availableParallelism()): Plan {
  if (device === "cpu" && packBytes <= SMALL_PACK_BYTES) return planForSmall(cores);
  return { sessions: 1, threadsPerSession: cores, ...BATCH[device] };
}

/** A session for each core: matrix products of a small model are too small to share. */
function planForSmall(cores: number): Plan {
  const sessions = Math.min(cores, MOST_SESSIONS);
  const threadsPerSession = Math.max(1, Math.floor(cores / sessions));
  return { sessions, threadsPerSession, ...SMALL_BATCH };
}
