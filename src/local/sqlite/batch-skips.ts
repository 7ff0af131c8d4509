import type { DatabaseSync } from "node:sqlite";
import type { BatchItemSkip } from "../../jobs/batch.ts";
import { parseCursor } from "../../jobs/cursor.ts";
import type { Page } from "../../jobs/ports/index.ts";
import { read, statement, write } from "./access.ts";
import { count } from "./batches.ts";
import { makePage } from "./page.ts";

export function skipBatchItem(db: DatabaseSync, skip: BatchItemSkip): boolean {
  const sql = "INSERT OR IGNORE INTO batch_skips (batch_id, item_id, record) VALUES (?, ?, ?)";
  return write(db, () => {
    if (isTranscription(db, skip.itemId)) return false;
    if (statement(db, sql).run(skip.batchId, skip.itemId, JSON.stringify(skip)).changes === 0) return false;
    count(db, skip.batchId, "skipped", 1);
    return true;
  });
}

export function isSkipped(db: DatabaseSync, batchId: string, itemId: string): boolean {
  const sql = "SELECT 1 FROM batch_skips WHERE batch_id = ? AND item_id = ?";
  return statement(db, sql).get(batchId, itemId) !== undefined;
}

function isTranscription(db: DatabaseSync, id: string): boolean {
  return statement(db, "SELECT 1 FROM transcriptions WHERE id = ?").get(id) !== undefined;
}

/** In the order of their item ids. */
export function listBatchSkips(
  db: DatabaseSync,
  batchId: string,
  limit: number,
  after: string | undefined,
): Page<BatchItemSkip> {
  const from = after === undefined ? [] : parseCursor("skips", after, 1);
  const sql = `SELECT record FROM batch_skips
    WHERE batch_id = ? ${after === undefined ? "" : "AND item_id > ?"} ORDER BY item_id LIMIT ?`;
  const rows = read(() => statement(db, sql).all(batchId, ...from, limit + 1));
  const found = rows.map((row): BatchItemSkip => JSON.parse(String(row.record)));
  return makePage("skips", found, limit, (skip) => [skip.itemId]);
}
