import type { FormatName } from "../formats/index.ts";
import type { LeftOutCounts } from "./batches/left-out-reasons.ts";
import type { BlobRef } from "./ports/blob-store.ts";
import type { TranscriptionOptions, TranscriptionState } from "./transcription.ts";
import type { Webhook } from "./webhook.ts";

export const BATCH_STATES = [
  /** Its source is still being read; items are worked on all the same. */
  "listing",
  /** All items are known. */
  "processing",
  "completed",
  /** No item is begun any more. */
  "canceling",
  "canceled",
  /** The source could not be read to its end. */
  "failed",
] as const;

export type BatchState = (typeof BATCH_STATES)[number];

/** Items by the state of their transcription, and those that were done before. Their sum is the items known. */
export type BatchCounts = Record<TranscriptionState | "skipped", number>;

export type BatchSource =
  | { kind: "prefix"; bucket: string; prefix: string }
  /** A list of objects. `bucket` is for rows that name none; null: each row names its own. */
  | { kind: "manifest"; manifest: BlobRef; format: ManifestFormat; bucket: string | null };

export type ManifestFormat = "csv" | "jsonl" | "s3_inventory";

export interface Batch {
  id: string;
  owner: string;
  /** As of transcriptions. */
  keyId?: string | null;
  /** Grows by one with each save; counting leaves it alone. */
  revision: number;
  state: BatchState;
  createdAt: string;
  times: Partial<Record<BatchState, string>>;
  name: string | null;
  source: BatchSource;
  options: TranscriptionOptions;
  metadata: Record<string, string>;
  /** Do again what this model version has done already. */
  force: boolean;
  /**
   * Where results go, one file per item and format, besides each item's own: `batch`: under batches/{id}/results/ in
   * the service's bucket; `beside`: next to each source, in the source's bucket.
   */
  results: { place: "batch" | "beside"; formats: FormatName[] };
  deleteAfterSeconds: number | null;
  /**
   * How far the source has been read. Whatever has been read is counted and queued. `leftOut`: what was found besides
   * recordings, by the reason; there once it is done.
   */
  listing: { cursor: string | null; done: boolean; leftOut?: LeftOutCounts };
  counts: BatchCounts;
  /** Of completed items. */
  audioSeconds: number;
  error: { code: string; message: string } | null;
  /** Key of the summary in the service's bucket, once it is written. */
  summaryKey: string | null;
  webhook: Webhook | null;
}

/** An item that was not done again. */
export interface BatchItemSkip {
  batchId: string;
  /** The id that its transcription would have had: an item is the one or the other. */
  itemId: string;
  source: BlobRef;
  /** The transcription that did it. */
  transcriptionId: string;
}

const LEGAL: Readonly<Record<BatchState, readonly BatchState[]>> = {
  listing: ["processing", "canceling", "failed"],
  processing: ["completed", "canceling"],
  canceling: ["canceled"],
  completed: [],
  canceled: [],
  failed: [],
};

const UNFINISHED: readonly TranscriptionState[] = ["awaiting_upload", "queued", "processing"];

export const NO_COUNTS: BatchCounts = {
  awaiting_upload: 0,
  queued: 0,
  processing: 0,
  completed: 0,
  failed: 0,
  canceled: 0,
  expired: 0,
  deleted: 0,
  skipped: 0,
};

/** Items known so far. */
export function totalItems(counts: BatchCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Items that have not reached their end. */
export function unfinishedItems(counts: BatchCounts): number {
  return UNFINISHED.reduce((sum, state) => sum + counts[state], 0);
}

export function batchMayFollow(from: BatchState, to: BatchState): boolean {
  return LEGAL[from].includes(to);
}

export function isBatchOver(state: BatchState): boolean {
  return LEGAL[state].length === 0;
}

/** As `enter` of transcriptions. */
export function enterBatch(
  record: Batch,
  state: BatchState,
  now: string,
  changes: Partial<Batch> = {},
): Batch {
  if (!batchMayFollow(record.state, state))
    throw new Error(`Batch ${record.id} may not go from ${record.state} to ${state}.`);
  const times = { ...record.times, [state]: now };
  return { ...record, ...changes, state, times, revision: record.revision + 1 };
}

/** As `amend` of transcriptions. */
export function amendBatch(record: Batch, changes: Partial<Batch>): Batch {
  return { ...record, ...changes, state: record.state, revision: record.revision + 1 };
}
