import type { DatabaseSync } from "node:sqlite";
import type { UsageEntry, UsageRow } from "../../jobs/usage.ts";
import { read, statement } from "./access.ts";

/** Within a transaction. */
export function countUsage(db: DatabaseSync, entry: UsageEntry | null): void {
  if (!entry) return;
  const { owner, day, keyId, state, audioSeconds } = entry;
  statement(
    db,
    `INSERT INTO usage (owner, day, key_id, ${state}, audio_seconds) VALUES (?, ?, ?, 1, ?)
      ON CONFLICT DO UPDATE SET ${state} = ${state} + 1, audio_seconds = audio_seconds + excluded.audio_seconds`,
  ).run(owner, day, keyId ?? "", audioSeconds);
}

export function listUsage(db: DatabaseSync, owner: string, from: string, to: string): UsageRow[] {
  const sql = "SELECT * FROM usage WHERE owner = ? AND day BETWEEN ? AND ? ORDER BY day, key_id";
  return read(() => statement(db, sql).all(owner, from, to)).map((row) => ({
    day: String(row.day),
    keyId: row.key_id === "" ? null : String(row.key_id),
    completed: Number(row.completed),
    failed: Number(row.failed),
    canceled: Number(row.canceled),
    audioSeconds: Number(row.audio_seconds),
  }));
}
