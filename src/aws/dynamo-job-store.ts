import { type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
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
import {
  createBatch,
  getBatch,
  listBatches,
  listBatchSkips,
  openBatches,
  saveBatch,
  skipBatchItem,
} from "./dynamo/batches.ts";
import { type CreateOptions, findKeyHolder } from "./dynamo/create.ts";
import { HEALTH_KEY } from "./dynamo/keys.ts";
import { dueTranscriptions, listTranscriptions } from "./dynamo/lists.ts";
import { createKey, findKey, getOwner, listKeys, revokeKey, saveOwner } from "./dynamo/owners.ts";
import type { Table } from "./dynamo/table.ts";
import {
  createTranscription,
  findDone,
  getTranscription,
  saveTranscription,
} from "./dynamo/transcriptions.ts";
import { listUsage } from "./dynamo/usage.ts";

const HEALTHY_MS = 5000;

/** The records in one DynamoDB table, laid out as src/aws/dynamo/keys.ts says. */
export class DynamoJobStore implements JobStore {
  readonly #table: Table;
  #healthyAt = Number.NEGATIVE_INFINITY;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#table = { client, name: tableName };
  }

  createTranscription(record: Transcription, options: CreateOptions): Promise<CreateOutcome> {
    return createTranscription(this.#table, record, options);
  }

  getTranscription(id: string): Promise<Transcription | null> {
    return getTranscription(this.#table, id);
  }

  saveTranscription(before: Transcription, after: Transcription): Promise<boolean> {
    return saveTranscription(this.#table, before, after);
  }

  listTranscriptions(query: TranscriptionQuery): Promise<Page<Transcription>> {
    return listTranscriptions(this.#table, query);
  }

  dueTranscriptions(now: string, limit: number, after?: DuePosition): Promise<DuePage> {
    return dueTranscriptions(this.#table, now, limit, after);
  }

  listUsage(owner: string, from: string, to: string): Promise<UsageRow[]> {
    return listUsage(this.#table, owner, from, to);
  }

  findIdempotency(owner: string, key: string, now: string): Promise<IdempotencyRecord | null> {
    return findKeyHolder(this.#table, owner, key, now);
  }

  findDone(doneKey: string): Promise<string | null> {
    return findDone(this.#table, doneKey);
  }

  createBatch(record: Batch, options: CreateOptions): Promise<CreateOutcome> {
    return createBatch(this.#table, record, options);
  }

  getBatch(id: string): Promise<Batch | null> {
    return getBatch(this.#table, id);
  }

  saveBatch(before: Batch, after: Batch): Promise<boolean> {
    return saveBatch(this.#table, before, after);
  }

  listBatches(query: { owner: string; limit: number; after?: string }): Promise<Page<Batch>> {
    return listBatches(this.#table, query);
  }

  openBatches(): Promise<Batch[]> {
    return openBatches(this.#table);
  }

  skipBatchItem(skip: BatchItemSkip): Promise<boolean> {
    return skipBatchItem(this.#table, skip);
  }

  listBatchSkips(batchId: string, limit: number, after?: string): Promise<Page<BatchItemSkip>> {
    return listBatchSkips(this.#table, batchId, limit, after);
  }

  createKey(key: ApiKey): Promise<void> {
    return createKey(this.#table, key);
  }

  findKey(hash: string): Promise<ApiKey | null> {
    return findKey(this.#table, hash);
  }

  listKeys(): Promise<ApiKey[]> {
    return listKeys(this.#table);
  }

  revokeKey(id: string, at: string): Promise<boolean> {
    return revokeKey(this.#table, id, at);
  }

  getOwner(id: string): Promise<Owner | null> {
    return getOwner(this.#table, id);
  }

  saveOwner(before: Owner | null, after: Owner): Promise<boolean> {
    return saveOwner(this.#table, before, after);
  }

  /** Anybody may ask, without a key: the table is read, and not more often than every few seconds by one process. */
  async checkHealth(): Promise<void> {
    if (performance.now() - this.#healthyAt < HEALTHY_MS) return;
    const { client, name } = this.#table;
    await client.send(new GetCommand({ TableName: name, Key: HEALTH_KEY }));
    this.#healthyAt = performance.now();
  }
}
