import type { DatabaseSync } from "node:sqlite";
import { parseCursor } from "../../jobs/cursor.ts";
import type {
  CreateOutcome,
  DuePage,
  DuePosition,
  IdempotencyRecord,
  Page,
  TranscriptionQuery,
} from "../../jobs/ports/index.ts";
import type { Transcription } from "../../jobs/transcription.ts";
import { usageOf } from "../../jobs/usage.ts";
import { read, statement, write } from "./access.ts";
import { isSkipped } from "./batch-skips.ts";
import { addAudioSeconds, count } from "./batches.ts";
import { claimKey } from "./idempotency.ts";
import { makePage } from "./page.ts";
import { countUsage } from "./usage.ts";

export function createTranscription(
  db: DatabaseSync,
  record: Transcription,
  { now, idempotency }: { now: string; idempotency?: IdempotencyRecord },
): CreateOutcome {
  return write(db, () => {
    if (
      getTranscription(db, record.id) ||
      (record.batchId !== null && isSkipped(db, record.batchId, record.id))
    )
      return { outcome: "exists" };
    const holder = idempotency && claimKey(db, idempotency, now);
    if (holder) return { outcome: "idempotency_key_used", record: holder };
    statement(
      db,
      `INSERT INTO transcriptions (id, owner, batch_id, state, revision, created_at, due_at, done_key, record)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      record.id,
      record.owner,
      record.batchId,
      record.state,
      record.revision,
      record.createdAt,
      record.dueAt,
      record.doneKey,
      JSON.stringify(record),
    );
    if (record.batchId !== null) count(db, record.batchId, record.state, 1);
    countUsage(db, usageOf(null, record));
    return { outcome: "created" };
  });
}

export function getTranscription(db: DatabaseSync, id: string): Transcription | null {
  const row = read(() => statement(db, "SELECT record FROM transcriptions WHERE id = ?").get(id));
  return row ? JSON.parse(String(row.record)) : null;
}

/** Owner, batch and time of creation are those of the record's creation for good. */
export function saveTranscription(db: DatabaseSync, before: Transcription, after: Transcription): boolean {
  if (after.revision !== before.revision + 1)
    throw new Error(
      `Transcription ${before.id}: revision ${after.revision} does not follow ${before.revision}`,
    );
  return write(db, () => {
    const stored = statement(
      db,
      "SELECT state, batch_id FROM transcriptions WHERE id = ? AND revision = ?",
    ).get(before.id, before.revision);
    if (!stored) return false;
    statement(
      db,
      "UPDATE transcriptions SET state = ?, revision = ?, due_at = ?, done_key = ?, record = ? WHERE id = ?",
    ).run(after.state, after.revision, after.dueAt, after.doneKey, JSON.stringify(after), before.id);
    countUsage(db, usageOf(before, after));
    if (stored.batch_id === null || stored.state === after.state) return true;
    const batchId = String(stored.batch_id);
    count(db, batchId, String(stored.state), -1);
    count(db, batchId, after.state, 1);
    if (after.state === "completed") addAudioSeconds(db, batchId, after.audio?.duration ?? 0);
    return true;
  });
}

export function listTranscriptions(
  db: DatabaseSync,
  { owner, state, batchId, createdFrom, createdBefore, limit, after }: TranscriptionQuery,
): Page<Transcription> {
  // The plus keeps the planner from the owner's index, which is of no use where a batch is asked for.
  const conditions = [batchId === undefined ? "owner = ?" : "+owner = ?"];
  const values = [owner];
  if (batchId !== undefined) {
    conditions.push("batch_id = ?");
    values.push(batchId);
  }
  if (state !== undefined) {
    conditions.push("state = ?");
    values.push(state);
  }
  if (createdFrom !== undefined) {
    conditions.push("created_at >= ?");
    values.push(createdFrom);
  }
  if (createdBefore !== undefined) {
    conditions.push("created_at < ?");
    values.push(createdBefore);
  }
  if (after !== undefined) {
    conditions.push("(created_at, id) < (?, ?)");
    values.push(...parseCursor("transcriptions", after, 2));
  }
  const sql = `SELECT record FROM transcriptions WHERE ${conditions.join(" AND ")}
    ORDER BY created_at DESC, id DESC LIMIT ?`;
  const rows = read(() => statement(db, sql).all(...values, limit + 1));
  const found = rows.map((row): Transcription => JSON.parse(String(row.record)));
  return makePage("transcriptions", found, limit, (record) => [record.createdAt, record.id]);
}

export function dueTranscriptions(
  db: DatabaseSync,
  now: string,
  limit: number,
  after: DuePosition = { dueAt: "", id: "" },
): DuePage {
  const sql =
    "SELECT record FROM transcriptions WHERE due_at <= ? AND (due_at, id) > (?, ?) ORDER BY due_at, id LIMIT ?";
  const rows = read(() => statement(db, sql).all(now, after.dueAt, after.id, limit));
  const items: Transcription[] = rows.map((row) => JSON.parse(String(row.record)));
  const last = items.length === limit ? items.at(-1) : undefined;
  return { items, next: last?.dueAt ? { dueAt: last.dueAt, id: last.id } : null };
}

export function findDone(db: DatabaseSync, doneKey: string): string | null {
  const sql = "SELECT id FROM transcriptions WHERE done_key = ? AND state = 'completed' LIMIT 1";
  const row = read(() => statement(db, sql).get(doneKey));
  return row ? String(row.id) : null;
}
