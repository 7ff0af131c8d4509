import type { FormatName } from "../formats/index.ts";
import type { BlobRef } from "./ports/blob-store.ts";
import type { Webhook } from "./webhook.ts";

export const TRANSCRIPTION_STATES = [
  "awaiting_upload",
  "queued",
  "processing",
  "completed",
  "failed",
  "canceled",
  "expired",
  "deleted",
] as const;

export type TranscriptionState = (typeof TRANSCRIPTION_STATES)[number];

/** From each state to those that may follow. `processing` goes back to `queued` when a worker gives it back. */
const LEGAL: Readonly<Record<TranscriptionState, readonly TranscriptionState[]>> = {
  awaiting_upload: ["queued", "canceled", "expired", "deleted"],
  queued: ["processing", "failed", "canceled", "deleted"],
  processing: ["processing", "queued", "completed", "failed", "canceled", "deleted"],
  completed: ["deleted"],
  failed: ["deleted"],
  canceled: ["deleted"],
  expired: ["deleted"],
  deleted: [],
};

const TERMINAL: readonly TranscriptionState[] = ["completed", "failed", "canceled", "expired", "deleted"];

export interface Hotword {
  phrase: string;
  boost?: number;
}

/** How a recording is to be transcribed. */
export interface TranscriptionOptions {
  /** BCP 47; null: the model's own. */
  language: string | null;
  channels: "mix" | "split";
  /** Which track of sound, from 1; null: the file's default one. Absent in records made before there was a choice. */
  track?: number | null;
  hotwords: Hotword[];
  /** n-best, 1 to 10. */
  alternatives: number;
  wordTimestamps: boolean;
  /** Files to be written beside the JSON result. Every format can be asked for later all the same. */
  formats: FormatName[];
}

export const DEFAULT_OPTIONS: TranscriptionOptions = {
  language: null,
  channels: "mix",
  track: null,
  hotwords: [],
  alternatives: 1,
  wordTimestamps: true,
  formats: [],
};

/**
 * A crash may come between a record that says `queued` and the message that makes it true. One that nobody has begun
 * after this time is sent again, and then once a day; twice in the queue does no harm.
 */
export const REQUEUE_SECONDS = 15 * 60;
/** Of what comes to inboxes, and of an archive's items, which wait for hours and days because there are many of them. */
export const ITEM_REQUEUE_SECONDS = 24 * 3600;

export function requeueSeconds({ queue }: Pick<Transcription, "queue">): number {
  return queue === "archive" ? ITEM_REQUEUE_SECONDS : REQUEUE_SECONDS;
}

/** A worker's hold on a transcription. When it ends without being renewed, the worker is taken for dead. */
export interface Lease {
  worker: string;
  /** The queue message that the worker holds with it. */
  messageId: string;
  /** ISO 8601 UTC. */
  until: string;
}

export interface AudioSummary {
  sha256: string;
  /** Seconds. */
  duration: number;
  sampleRate: number;
  channels: number;
  codec: string;
}

/** One recording and what became of it. Times are ISO 8601 UTC with milliseconds. */
export interface Transcription {
  id: string;
  owner: string;
  /** Grows by one with each save. */
  revision: number;
  state: TranscriptionState;
  createdAt: string;
  /** When each state was last entered. */
  times: Partial<Record<TranscriptionState, string>>;
  source: BlobRef;
  /** Of the source's content, where it was known beforehand. */
  sourceEtag: string | null;
  /** Size of the source in bytes, once it is known: how long it is can be guessed from it. */
  sourceBytes?: number | null;
  /** `upload`, `inbox`: the object belongs to the transcription and goes with it; `source`: it stays. */
  origin: "upload" | "inbox" | "source";
  fileName: string | null;
  contentType: string | null;
  /** Until when the upload is waited for; null where none is. */
  uploadExpiresAt: string | null;
  options: TranscriptionOptions;
  /** The caller's own, echoed. */
  metadata: Record<string, string>;
  /** After the end. Null: kept. */
  deleteAfterSeconds: number | null;
  /** When it must be looked at again: the upload's expiry, or the deletion. */
  dueAt: string | null;
  batchId: string | null;
  /** Which queue it waits in. */
  queue: "transcribe" | "archive";
  /** 0 to 1. */
  progress: number;
  /** Times it was begun. */
  attempts: number;
  lease: Lease | null;
  error: { code: string; message: string } | null;
  model: { name: string; version: string; device: string } | null;
  audio: AudioSummary | null;
  /** Keys in the service's bucket: the JSON result first, then files in other formats. */
  results: string[];
  /**
   * Digest of owner, source, its content's etag, model version and options: what a batch need not do again. Set
   * on completion, where the etag is known.
   */
  doneKey: string | null;
  webhook: Webhook | null;
}

/** What every transcription is before its first attempt. */
export const NOT_BEGUN = {
  progress: 0,
  attempts: 0,
  lease: null,
  error: null,
  model: null,
  audio: null,
  results: [],
  doneKey: null,
} satisfies Partial<Transcription>;

export function isTerminal(state: TranscriptionState): boolean {
  return TERMINAL.includes(state);
}

export function mayFollow(from: TranscriptionState, to: TranscriptionState): boolean {
  return LEGAL[from].includes(to);
}

/**
 * The record in its next state, one revision on, with the time of the change. Throws Error where the state may not
 * follow: callers look first.
 */
export function enter(
  record: Transcription,
  state: TranscriptionState,
  now: string,
  changes: Partial<Transcription> = {},
): Transcription {
  if (!mayFollow(record.state, state))
    throw new Error(`Transcription ${record.id} may not go from ${record.state} to ${state}.`);
  const times = { ...record.times, [state]: now };
  return { ...record, ...changes, state, times, revision: record.revision + 1 };
}

/** The record changed within its state, one revision on. */
export function amend(record: Transcription, changes: Partial<Transcription>): Transcription {
  return { ...record, ...changes, state: record.state, revision: record.revision + 1 };
}
