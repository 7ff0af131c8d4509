import type { Device, DeviceChoice } from "../inference/devices.ts";

/** In what numbers the large products are computed. */
export type Precision = "single" | "half";

/** A faster device that `auto` had to do without, and why. */
export interface Fallback {
  device: Device;
  reason: string;
}

export interface EngineOptions {
  /** Default `auto`: CUDA where it loads, else the CPU. */
  device?: DeviceChoice;
  /** Of the large products on a card; default `half` where the pack has graphs for it and the card computes in it. */
  precision?: Precision;
  /** Copies of the graphs working side by side; by default one per core for a small pack on the CPU, else one. */
  sessions?: number;
  /** Threads of onnxruntime in each session. */
  threadsPerSession?: number;
  /** Worker threads of the beam search; default: one for the CPU, beside a card half of the cores, eight at most. */
  searchThreads?: number;
  /** Worker threads that look for speech; default: none for the CPU, beside a card a quarter of the cores, four at most. */
  segmentThreads?: number;
  /** Seconds of audio in a batch, padding included. */
  batchSeconds?: number;
  /** Utterances in a batch. */
  batchUtterances?: number;
}
