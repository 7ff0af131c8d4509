import type { Device, Precision } from "../../src/asr/index.ts";
import type { EngineFlags } from "../engine.ts";
import type { GemmOptions, GemmRate } from "../limit/gemm-peak.ts";
import type { Work } from "../limit/tally.ts";
import type { Run } from "../measure.ts";

/** An engine that has been loaded in a process of its own. */
export interface Loaded {
  /** Of the pack's folder: packs of one model share the name in their manifests. */
  name: string;
  device: Device;
  precision: Precision;
  sessions: number;
  threadsPerSession: number;
  loadMs: number;
  rss: number; // bytes
}

/** One recording, once through that engine. */
export interface ChildRun extends Run {
  work: Work;
  /** Bytes, at every twentieth of the recording. */
  rss: number[];
}

/** Sizes of a feed-forward network, and how to multiply by its weights. */
export type GemmRequest = GemmOptions & { size: number; hidden: number };

export type Request = { load: EngineFlags } | { run: string } | { gemm: GemmRequest } | { close: true };

export type Response =
  | { loaded: Loaded }
  | { ran: ChildRun }
  | { multiplied: GemmRate[] }
  /** Peak of the whole process, in bytes. */
  | { closed: { peakRss: number } }
  | { failed: { message: string; code?: string } };
