import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { BATCH_STATES, type Batch, type BatchCounts, isBatchOver } from "../../jobs/batch.ts";
import { parseCursor } from "../../jobs/cursor.ts";
import type { CreateOutcome, IdempotencyRecord, Page } from "../../jobs/ports/index.ts";
import { read, statement, write } from "./access.ts";
import { claimKey } from "./idempotency.ts";
import { makePage } from "./page.ts";
import { COUNTERS } from "./schema.ts";

const COLUMNS = `record, audio_seconds, ${COUNTERS.join(", ")}`;
const OPEN_STATES = BATCH_STATES.filter((state) => !isBatchOver(state));

export function createBatch(
  db: DatabaseSync,
  record: Batch,
  { now, idempotency }: { now: string; idempotency?: IdempotencyRecord },
): CreateOutcome {
  return write(db, () => {
    if (getBatch(db, record.id)) return { outcome: "exists" };
    const holder = idempotency && claimKey(db, idempotency, now);
    if (holder) return { outcome: "idempotency_key_used", record: holder };
    statement(
      db,
      `INSERT INTO batches (id, owner, state, revision, created_at, ${COLUMNS})
        VALUES (?, ?, ?, ?, ?, ?, ?, ${COUNTERS.map(() => "?").join(", ")})`,
    ).run(
      record.id,
      record.owner,
      record.state,
      record.revision,
      record.createdAt,
      JSON.stringify(record),
      record.audioSeconds,
      ...COUNTERS.map((counter) => record.counts[counter]),
    );
    return { outcome: "created" };
  });
}

export function getBatch(db: DatabaseSync, id: string): Batch | null {
  const row = read(() => statement(db, `SELECT ${COLUMNS} FROM batches WHERE id = ?`).get(id));
  return row ? toBatch(row) : null;
}

export function saveBatch(db: DatabaseSync, before: Batch, after: Batch): boolean {
  if (after.revision !== before.revision + 1)
    throw new Error(`Batch ${before.id}: revision ${after.revision} does not follow ${before.revision}`);
  const sql = "UPDATE batches SET state = ?, revision = ?, record = ? WHERE id = ? AND revision = ?";
  return write(db, () => {
    const values = [after.state, after.revision, JSON.stringify(after), before.id, before.revision];
    return statement(db, sql).run(...values).changes === 1;
  });
}

export function listBatches(
  db: DatabaseSync,
  { owner, limit, after }: { owner: string; limit: number; after?: string },
): Page<Batch> {
  const from = after === undefined ? [] : parseCursor("batches", after, 2);
  const sql = `SELECT ${COLUMNS} FROM batches
    WHERE owner = ? ${after === undefined ? "" : "AND (created_at, id) < (?, ?)"}
    ORDER BY created_at DESC, id DESC LIMIT ?`;
  const found = read(() => statement(db, sql).all(owner, ...from, limit + 1)).map(toBatch);
  return makePage("batches", found, limit, (record) => [record.createdAt, record.id]);
}

export function openBatches(db: DatabaseSync): Batch[] {
  const sql = `SELECT ${COLUMNS} FROM batches
    WHERE state IN (${OPEN_STATES.map(() => "?").join(", ")}) ORDER BY created_at, id`;
  return read(() => statement(db, sql).all(...OPEN_STATES)).map(toBatch);
}

/** Within a transaction: one more or one less item in a state. */
export function count(db: DatabaseSync, batchId: string, counter: string, difference: 1 | -1): void {
  const column = COUNTERS.find((name) => name === counter);
  const sql = `UPDATE batches SET ${column} = ${column} + ? WHERE id = ?`;
  if (statement(db, sql).run(difference, batchId).changes !== 1)
    throw new Error(`There is no batch ${batchId} to count an item of`);
}

/** Within a transaction. */
export function addAudioSeconds(db: DatabaseSync, batchId: string, seconds: number): void {
  statement(db, "UPDATE batches SET audio_seconds = audio_seconds + ? WHERE id = ?").run(seconds, batchId);
}

/** The record, with its counts as they stand now. */
function toBatch(row: Record<string, SQLOutputValue>): Batch {
  const record: Batch = JSON.parse(String(row.record));
  const counts = Object.fromEntries(COUNTERS.map((counter) => [counter, Number(row[counter])]));
  return { ...record, counts: counts as BatchCounts, audioSeconds: Number(row.audio_seconds) };
}
