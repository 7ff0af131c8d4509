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
  // An upload that began in time may end after the waiting did: it counts.
  expired: ["queued", "deleted"],
  deleted: [],
};

const TERMINAL: readonly TranscriptionState[] = ["completed", "failed", "canceled", "expired", "deleted"];

export interface Hotword {
  phrase: string;
  boost?: number;
}

/** Custom spelling. */
export interface Replacement {
  find: string;
  with: string;
}

/** How a recording is to be transcribed. */
export interface TranscriptionOptions {
  /** BCP 47; null: the model's own. */
  language: string | null;
  channels: "mix" | "split";
  /** Which track of sound, from 1; null: the file's default one. Absent in records made before there was a choice. */
  track?: number | null;
  /** Seconds of the recording that the part to be transcribed begins and ends with; absent or null: all of it. */
  start?: number | null;
  end?: number | null;
  hotwords: Hotword[];
  /** n-best, 1 to 10. */
  alternatives: number;
  wordTimestamps: boolean;
  /** False: the words as they were heard. Absent, as the three below, where nobody asked for it. */
  formatText?: boolean;
  /** Marks and capitals, numbers in figures; by default as `formatText`. */
  punctuate?: boolean;
  numerals?: boolean;
  replace?: Replacement[];
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

/** Headers, and the query of the URL, are secrets of the caller's: they are in no log and no answer, and go at the end. */
export interface RemoteSource {
  url: string;
  headers: Record<string, string>;
}

/** Of a remote source's URL what may be shown. */
export function shownUrl(url: string): string {
  const shown = new URL(url);
  shown.search = "";
  return shown.href;
}

/** As in the transcript. */
export interface TranscriptionWarning {
  code: string;
  message: string;
  /** Second of the recording. */
  at: number;
}

/** One recording and what became of it. Times are ISO 8601 UTC with milliseconds. */
export interface Transcription {
  id: string;
  owner: string;
  /** Of the API key that it was asked for with; null or absent: none, or not known. */
  keyId?: string | null;
  /** Grows by one with each save. */
  revision: number;
  state: TranscriptionState;
  createdAt: string;
  /** When each state was last entered. */
  times: Partial<Record<TranscriptionState, string>>;
  source: BlobRef;
  /** Of the source's content, where it was known beforehand. */
  sourceEtag: string | null;
  /** The transcription whose recording this one is about; absent where it has a recording of its own. */
  sourceTranscription?: string;
  /** `upload`, `inbox`, `url`: the object belongs to the transcription and goes with it; `source`: it stays. */
  origin: "upload" | "inbox" | "source" | "url";
  /** Where the recording is to be fetched from; `source` is where it is then put. */
  remote?: RemoteSource | null;
  /** The upload goes as soon as the transcription has ended. Absent: it stays until that is deleted. */
  dropAudio?: true;
  /** Size of the source in bytes, once it is known: how long it is can be guessed from it. */
  sourceBytes?: number | null;
  fileName: string | null;
  contentType: string | null;
  /** How the upload comes, where it comes in parts: the id that the blob store gave it, its bytes, those of each part but the last. */
  parts?: { uploadId: string; size: number; partBytes: number };
  /** Until when the upload may begin; null where none is awaited. */
  uploadExpiresAt: string | null;
  options: TranscriptionOptions;
  /** The caller's own, echoed. */
  metadata: Record<string, string>;
  /** After the end. Null: kept. */
  deleteAfterSeconds: number | null;
  /** When it must be looked at again: the end of the wait for an upload, or the deletion. */
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
  /** Of the transcript, once there is one; absent in records completed before it was kept. */
  language?: string;
  /** What a reader of the transcript should know; absent likewise. */
  warnings?: TranscriptionWarning[];
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

/** It waits for its upload, or has given that up: what arrives all the same is taken. */
export function mayArrive(state: TranscriptionState): boolean {
  return state === "awaiting_upload" || state === "expired";
}

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
  const secrets = record.remote && isTerminal(state) && { remote: withoutSecrets(record.remote) };
  return { ...record, ...secrets, ...changes, state, times, revision: record.revision + 1 };
}

function withoutSecrets({ url }: RemoteSource): RemoteSource {
  return { url: shownUrl(url), headers: {} };
}

/** The record changed within its state, one revision on. */
export function amend(record: Transcription, changes: Partial<Transcription>): Transcription {
  return { ...record, ...changes, state: record.state, revision: record.revision + 1 };
}
