import type { Batch, BatchItemSkip } from "../batch.ts";
import type { ApiKey, Owner } from "../owner.ts";
import type { Transcription, TranscriptionState } from "../transcription.ts";
import type { UsageRow } from "../usage.ts";

/** One page of a list. `next` is handed in as `after` for the following one; null at the end. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
}

export interface TranscriptionQuery {
  owner: string;
  state?: TranscriptionState;
  batchId?: string;
  /** Created at this time or later, ISO 8601 UTC with milliseconds. */
  createdFrom?: string;
  /** Created before this time. */
  createdBefore?: string;
  /** 1 to 1000. */
  limit: number;
  after?: string;
}

/** Remembers what a request with an Idempotency-Key made. */
export interface IdempotencyRecord {
  owner: string;
  key: string;
  /** Digest of the request: the same key with another one is a mistake. */
  fingerprint: string;
  /** Of the transcription or batch that was made. */
  subjectId: string;
  /** ISO 8601 UTC; after it the key is free again. */
  expiresAt: string;
}

/** `created`; or the id is taken, by a record or as a skipped item of its batch; or the idempotency key is, by the record that comes back. */
export type CreateOutcome =
  | { outcome: "created" }
  | { outcome: "exists" }
  | { outcome: "idempotency_key_used"; record: IdempotencyRecord };

export interface DuePosition {
  dueAt: string;
  id: string;
}

export interface DuePage {
  items: Transcription[];
  /** Null where none follows. */
  next: DuePosition | null;
}

/**
 * The records. Each has a `revision`: saving replaces exactly the record that was read, or nothing. Records come
 * back as copies; changing them changes nothing that is stored. Every method throws StorageFullError and
 * StorageReadOnlyError where it cannot write.
 */
export interface JobStore {
  /** Create once. Where it belongs to a batch, its state is counted there in the same transaction. */
  createTranscription(
    record: Transcription,
    options: { now: string; idempotency?: IdempotencyRecord },
  ): Promise<CreateOutcome>;
  getTranscription(id: string): Promise<Transcription | null>;
  /**
   * Replace `before` by `after`, whose revision must be one higher. False, and nothing done, where the stored
   * revision is not that of `before`. Where it belongs to a batch, a change of state moves one count from the one
   * to the other in the same transaction, and on `completed` the batch's audio seconds grow by `after.audio.duration`.
   * What `usageOf` tells of it is counted in the same transaction as well, as it is where it is created.
   */
  saveTranscription(before: Transcription, after: Transcription): Promise<boolean>;
  /** Newest first: by `createdAt`, then by id. Throws InvalidCursorError. */
  listTranscriptions(query: TranscriptionQuery): Promise<Page<Transcription>>;
  /**
   * Those with `dueAt` at or before `now` that come after a position, earliest first. There may be fewer than `limit`
   * although `next` tells that more follow.
   */
  dueTranscriptions(now: string, limit: number, after?: DuePosition): Promise<DuePage>;
  /** Of an owner's days from one to another, both included (YYYY-MM-DD): by day, then by key, no key first. */
  listUsage(owner: string, from: string, to: string): Promise<UsageRow[]>;
  /** The completed transcription with this `doneKey`, if there is one (see `Transcription.doneKey`). */
  findDone(doneKey: string): Promise<string | null>;

  /** What holds this idempotency key at `now`, if anything does. */
  findIdempotency(owner: string, key: string, now: string): Promise<IdempotencyRecord | null>;

  createBatch(
    record: Batch,
    options: { now: string; idempotency?: IdempotencyRecord },
  ): Promise<CreateOutcome>;
  /** With its counts as they stand. */
  getBatch(id: string): Promise<Batch | null>;
  /** As for transcriptions. Counts and audio seconds stay as stored, whatever `after` says. */
  saveBatch(before: Batch, after: Batch): Promise<boolean>;
  /** Newest first. Throws InvalidCursorError. */
  listBatches(query: { owner: string; limit: number; after?: string }): Promise<Page<Batch>>;
  /** Every batch in one of these states, of any owner. */
  openBatches(): Promise<Batch[]>;
  /** Create once, counting it as `skipped` in the same transaction. False where it, or a transcription of its id, was there. */
  skipBatchItem(skip: BatchItemSkip): Promise<boolean>;
  listBatchSkips(batchId: string, limit: number, after?: string): Promise<Page<BatchItemSkip>>;

  createKey(key: ApiKey): Promise<void>;
  /** By SHA-256 of the secret, hexadecimal. Revoked keys too. */
  findKey(hash: string): Promise<ApiKey | null>;
  listKeys(): Promise<ApiKey[]>;
  /** False where there is no such key. */
  revokeKey(id: string, at: string): Promise<boolean>;

  getOwner(id: string): Promise<Owner | null>;
  /** `before` null: create once. False where the stored revision is another. */
  saveOwner(before: Owner | null, after: Owner): Promise<boolean>;

  /** Throws where the store cannot be written to. */
  checkHealth(): Promise<void>;
}
