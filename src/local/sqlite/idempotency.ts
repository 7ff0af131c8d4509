import type { DatabaseSync } from "node:sqlite";
import type { IdempotencyRecord } from "../../jobs/ports/index.ts";
import { statement } from "./access.ts";

/** So many outdated records go with each new one, lest they pile up. */
const PURGED_AT_ONCE = 10;

/** The record that holds the key now, or null. */
export function findKeyHolder(
  db: DatabaseSync,
  owner: string,
  key: string,
  now: string,
): IdempotencyRecord | null {
  const row = statement(
    db,
    "SELECT record FROM idempotency WHERE owner = ? AND key = ? AND expires_at > ?",
  ).get(owner, key, now);
  return row ? JSON.parse(String(row.record)) : null;
}

/** Within a transaction: the record that holds the key now, or null, and the key is then held by `record`. */
export function claimKey(db: DatabaseSync, record: IdempotencyRecord, now: string): IdempotencyRecord | null {
  const holder = findKeyHolder(db, record.owner, record.key, now);
  if (holder) return holder;
  statement(
    db,
    `DELETE FROM idempotency WHERE rowid IN
      (SELECT rowid FROM idempotency WHERE expires_at <= ? ORDER BY expires_at LIMIT ${PURGED_AT_ONCE})`,
  ).run(now);
  statement(
    db,
    "INSERT OR REPLACE INTO idempotency (owner, key, expires_at, record) VALUES (?, ?, ?, ?)",
  ).run(record.owner, record.key, record.expiresAt, JSON.stringify(record));
  return null;
}
