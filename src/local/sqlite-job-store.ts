import type { DatabaseSync } from "node:sqlite";
import type { Batch, BatchItemSkip } from "../jobs/batch.ts";
import type { ApiKey, Owner } from "../jobs/owner.ts";
import type {
  CreateOutcome,
  DuePage,
  DuePosition,
  IdempotencyRecord,
  JobStore,
  Page,
  TranscriptionQuery,
} from "../jobs/ports/index.ts";
import type { Transcription } from "../jobs/transcription.ts";
import type { UsageRow } from "../jobs/usage.ts";
import { statement, write } from "./sqlite/access.ts";
import { listBatchSkips, skipBatchItem } from "./sqlite/batch-skips.ts";
import { createBatch, getBatch, listBatches, openBatches, saveBatch } from "./sqlite/batches.ts";
import { findKeyHolder } from "./sqlite/idempotency.ts";
import { createKey, findKey, getOwner, listKeys, revokeKey, saveOwner } from "./sqlite/owners.ts";
import {
  createTranscription,
  dueTranscriptions,
  findDone,
  getTranscription,
  listTranscriptions,
  saveTranscription,
} from "./sqlite/transcriptions.ts";
import { listUsage } from "./sqlite/usage.ts";

/** What a record is created with. */
interface CreateOptions {
  now: string;
  idempotency?: IdempotencyRecord;
}

/** The records in a database of `openDatabase`, which other processes may use at the same time. */
export class SqliteJobStore implements JobStore {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  async createTranscription(record: Transcription, options: CreateOptions): Promise<CreateOutcome> {
    return createTranscription(this.#db, record, options);
  }

  async getTranscription(id: string): Promise<Transcription | null> {
    return getTranscription(this.#db, id);
  }

  async saveTranscription(before: Transcription, after: Transcription): Promise<boolean> {
    return saveTranscription(this.#db, before, after);
  }

  async listTranscriptions(query: TranscriptionQuery): Promise<Page<Transcription>> {
    return listTranscriptions(this.#db, query);
  }

  async dueTranscriptions(now: string, limit: number, after?: DuePosition): Promise<DuePage> {
    return dueTranscriptions(this.#db, now, limit, after);
  }

  async listUsage(owner: string, from: string, to: string): Promise<UsageRow[]> {
    return listUsage(this.#db, owner, from, to);
  }

  async findIdempotency(owner: string, key: string, now: string): Promise<IdempotencyRecord | null> {
    return findKeyHolder(this.#db, owner, key, now);
  }

  async findDone(doneKey: string): Promise<string | null> {
    return findDone(this.#db, doneKey);
  }

  async createBatch(record: Batch, options: CreateOptions): Promise<CreateOutcome> {
    return createBatch(this.#db, record, options);
  }

  async getBatch(id: string): Promise<Batch | null> {
    return getBatch(this.#db, id);
  }

  async saveBatch(before: Batch, after: Batch): Promise<boolean> {
    return saveBatch(this.#db, before, after);
  }

  async listBatches(query: { owner: string; limit: number; after?: string }): Promise<Page<Batch>> {
    return listBatches(this.#db, query);
  }

  async openBatches(): Promise<Batch[]> {
    return openBatches(this.#db);
  }

  async skipBatchItem(skip: BatchItemSkip): Promise<boolean> {
    return skipBatchItem(this.#db, skip);
  }

  async listBatchSkips(batchId: string, limit: number, after?: string): Promise<Page<BatchItemSkip>> {
    return listBatchSkips(this.#db, batchId, limit, after);
  }

  async createKey(key: ApiKey): Promise<void> {
    createKey(this.#db, key);
  }

  async findKey(hash: string): Promise<ApiKey | null> {
    return findKey(this.#db, hash);
  }

  async listKeys(): Promise<ApiKey[]> {
    return listKeys(this.#db);
  }

  async revokeKey(id: string, at: string): Promise<boolean> {
    return revokeKey(this.#db, id, at);
  }

  async getOwner(id: string): Promise<Owner | null> {
    return getOwner(this.#db, id);
  }

  async saveOwner(before: Owner | null, after: Owner): Promise<boolean> {
    return saveOwner(this.#db, before, after);
  }

  async checkHealth(): Promise<void> {
    write(this.#db, () => statement(this.#db, "UPDATE health SET checks = checks + 1").run());
  }
}
