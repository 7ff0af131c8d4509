import { describe, expect, test } from "vitest";
import { InvalidCursorError } from "../../../src/jobs/errors.ts";
import { openDatabase } from "../../../src/local/database.ts";
import { SqliteJobStore } from "../../../src/local/sqlite-job-store.ts";
import { describeJobStore } from "../../contract/job-store.contract.ts";
import { aBatch, anIdempotencyRecord, aTranscription, NOW } from "../../contract/records.ts";

describeJobStore("SqliteJobStore", async () => new SqliteJobStore(openDatabase(":memory:")));

describe("SqliteJobStore", () => {
  test("refuses the cursor of another list, and one that was tampered with", async () => {
    const store = new SqliteJobStore(openDatabase(":memory:"));
    for (const make of [aTranscription, aTranscription])
      await store.createTranscription(make(), { now: NOW });
    const { next } = await store.listTranscriptions({ owner: "ada", limit: 1 });
    const after = next as string;
    await expect(store.listBatches({ owner: "ada", limit: 1, after })).rejects.toThrow(InvalidCursorError);
    const padded = store.listTranscriptions({ owner: "ada", limit: 1, after: `${after}=` });
    await expect(padded).rejects.toThrow(InvalidCursorError);
  });

  test("finds pages of a batch, of an owner and of what is due by an index, without sorting", () => {
    const db = openDatabase(":memory:");
    const plan = (sql: string) =>
      db
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map((row) => String(row.detail))
        .join("\n");
    const order = "ORDER BY created_at DESC, id DESC LIMIT 10";
    const pages = [
      `SELECT record FROM transcriptions WHERE owner = 'a' AND (created_at, id) < ('b', 'c') ${order}`,
      `SELECT record FROM transcriptions WHERE owner = 'a' AND state = 's' ${order}`,
      `SELECT record FROM transcriptions WHERE +owner = 'a' AND batch_id = 'b' ${order}`,
      `SELECT record FROM transcriptions WHERE +owner = 'a' AND batch_id = 'b' AND state = 's' ${order}`,
      "SELECT record FROM transcriptions WHERE due_at <= 'b' ORDER BY due_at, id LIMIT 10",
      "SELECT id FROM transcriptions WHERE done_key = 'd' AND state = 'completed' LIMIT 1",
    ].map(plan);
    for (const page of pages) {
      expect(page).toContain("USING INDEX");
      expect(page).not.toContain("TEMP B-TREE");
    }
    expect(pages[2]).toContain("transcriptions_of_batch ");
    expect(pages[3]).toContain("transcriptions_of_batch_by_state");
  });

  test("forgets idempotency keys whose time is over", async () => {
    const db = openDatabase(":memory:");
    const store = new SqliteJobStore(db);
    const use = (key: string, now: string, expiresAt: string) =>
      store.createBatch(aBatch(), { now, idempotency: anIdempotencyRecord({ key, expiresAt }) });
    for (let i = 0; i < 8; i++) await use(`old ${i}`, NOW, "2026-03-01T12:00:01.000Z");
    await use("new", "2026-03-01T12:00:02.000Z", "2026-03-02T12:00:00.000Z");
    expect(db.prepare("SELECT key FROM idempotency").all()).toMatchObject([{ key: "new" }]);
  });
});
