import { availableParallelism } from "node:os";
import type { Device } from "./devices.ts";
import { MOST_ELEMENTS } from "./most-elements.ts";

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
  /** Elements of the decoder's widest tensor, in one call. */
  decoderElements: number;
}

/** What a plan for a card depends on. */
export interface CardFacts {
  /** Of its memory, free before anything is loaded; null where nobody tells. */
  freeBytes: number | null;
  /** Of the weights, as they will lie there. */
  weightBytes: number;
  /** Of a batch, for each second of its audio. */
  bytesPerSecond: number;
  /** Seconds of audio in a batch that the pack's tensors can hold on any card. */
  mostSeconds: number;
  /** That share it; default: one. */
  sessions?: number | undefined;
}

/** Above this, a second copy of the weights costs more memory than it saves time. */
const SMALL_PACK_BYTES = 256 * 1024 * 1024;
const MOST_SESSIONS = 8;

/** Of a small pack on the CPU, and of every other. Experts share out a batch, so that it has to be larger. */
const SMALL_BATCH = { batchSeconds: 48, batchUtterances: 16, batchOverheadSeconds: 2 };
const BATCH = { batchSeconds: 96, batchUtterances: 32, batchOverheadSeconds: 1 };

/** Of a card that does not tell its memory: what fits into 16 GiB beside a billion parameters. */
const UNKNOWN_CARD_BYTES = 15 * 1024 ** 3;
/** CUDA's own, its libraries' work space, and a reserve. */
const CARD_OVERHEAD_BYTES = 1.5 * 1024 ** 3;
const USABLE = 0.9;
/** Of what is left for a batch, the decoder's widest tensor and its copies may take this: they come after the encoder's. */
const DECODER_SHARE = 0.25;
const DECODER_BYTES_PER_ELEMENT = 12;
const MOST_DECODER_ELEMENTS = 512 * 1024 * 1024;
/** More does not make a card faster, but makes the host keep more audio at hand for it. */
const MOST_BATCH_SECONDS = { cuda: 1920, webgpu: 240 };
const LEAST_BATCH_SECONDS = 30;
/** Half of the segments are shorter than this. */
const TYPICAL_SECONDS = 7.5;

/** Worker threads beside the graphs. */
export interface HostThreads {
  searchThreads: number;
  segmentThreads: number;
}

/**
 * What a device leaves to the processor. The CPU's cores are busy with the graphs. A card waits for whoever brings and takes
 * its batches: on an H200 a beam of 40 took one thread as long as the encoder the card, and no thread finds speech in more
 * than some 4,000 seconds of audio a second (docs/performance.md).
 */
export function hostThreads(device: Device, cores = availableParallelism()): HostThreads {
  if (device === "cpu") return { searchThreads: 1, segmentThreads: 0 };
  return {
    searchThreads: Math.max(1, Math.min(8, Math.floor(cores / 2))),
    segmentThreads: Math.min(4, Math.floor(cores / 4)),
  };
}

/** The plan for a small or a large pack on the CPU, by the bytes of its graphs. */
export function planForCpu(packBytes: number, cores = availableParallelism()): Plan {
  if (packBytes > SMALL_PACK_BYTES)
    return { sessions: 1, threadsPerSession: cores, decoderElements: MOST_ELEMENTS, ...BATCH };
  // A session for each core: matrix products of a small model are too small to share.
  const sessions = Math.min(cores, MOST_SESSIONS);
  const threadsPerSession = Math.max(1, Math.floor(cores / sessions));
  return { sessions, threadsPerSession, decoderElements: MOST_ELEMENTS, ...SMALL_BATCH };
}

/**
 * The plan for a card: as much audio in a batch as its memory holds beside the weights. Each of several sessions has weights of
 * its own; while one of them copies, another one's kernels may run.
 */
export function planForCard(
  device: Exclude<Device, "cpu">,
  { freeBytes, weightBytes, bytesPerSecond, mostSeconds, sessions = 1 }: CardFacts,
  cores = availableParallelism(),
): Plan {
  const free = (freeBytes ?? UNKNOWN_CARD_BYTES) * USABLE - CARD_OVERHEAD_BYTES;
  const usable = free / sessions - weightBytes;
  const fitting = Math.floor(usable / bytesPerSecond);
  const most = Math.min(MOST_BATCH_SECONDS[device], mostSeconds);
  const batchSeconds = Math.min(most, Math.max(LEAST_BATCH_SECONDS, fitting));
  const elements = (DECODER_SHARE * usable) / DECODER_BYTES_PER_ELEMENT;
  return {
    sessions,
    threadsPerSession: cores,
    batchSeconds,
    batchUtterances: Math.max(1, Math.ceil(batchSeconds / TYPICAL_SECONDS)),
    // A twenty-fourth of a full batch: kernels are started for it, and small products leave a card idle.
    batchOverheadSeconds: batchSeconds / 24,
    decoderElements: Math.floor(Math.min(MOST_DECODER_ELEMENTS, Math.max(MOST_ELEMENTS, elements))),
  };
}
