import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { NO_COUNTS } from "../../../src/jobs/batch.ts";
import { openDatabase } from "../../../src/local/database.ts";
import { SqliteJobStore } from "../../../src/local/sqlite-job-store.ts";
import { SqliteQueue } from "../../../src/local/sqlite-queue.ts";
import { systemClock } from "../../../src/local/system-clock.ts";
import { aBatch, aTranscription, NOW } from "../../contract/records.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startChild } from "./children/run-child.ts";
import { folderBucket } from "./folder-bucket.ts";

async function makeStore() {
  const file = join(await temporaryFolder(), "service.db");
  const store = new SqliteJobStore(openDatabase(file));
  const [batch, shared] = [aBatch(), aTranscription()];
  await store.createBatch(batch, { now: NOW });
  await store.createTranscription(shared, { now: NOW });
  const hammer = (name: string, count: number) =>
    startChild("hammer.ts", [file, name, String(count), batch.id, shared.id]);
  return { file, store, batch, shared, hammer };
}

describe("several processes", () => {
  test("lose no message and no count on one database, and do nothing twice", async () => {
    const { store, batch, shared, hammer } = await makeStore();
    const names = ["a", "b", "c"];
    const outputs = await Promise.all(names.map((name) => hammer(name, 150).output()));
    const sent = names.flatMap((name) => Array.from({ length: 150 }, (_, i) => `${name} ${i}`));
    expect(outputs.flat().sort()).toEqual(sent.sort());
    expect(outputs.filter((lines) => lines.length > 0).length).toBeGreaterThan(1);
    expect(await store.getBatch(batch.id)).toMatchObject({
      counts: { ...NO_COUNTS, completed: 450 },
      audioSeconds: 450,
    });
    expect(await store.getTranscription(shared.id)).toMatchObject({ attempts: 450, revision: 451 });
  });

  test("may all be the first to open the database", async () => {
    const file = join(await temporaryFolder(), "service.db");
    const children = ["a", "b", "c", "d"].map((name) => startChild("hammer.ts", [file, name, "0", "", ""]));
    await Promise.all(children.map((child) => child.output()));
    const db = openDatabase(file);
    expect(db.prepare("PRAGMA journal_mode").get()).toMatchObject({ journal_mode: "wal" });
  });

  test("find the database whole after one of them was killed", async () => {
    const { file, store, batch, hammer } = await makeStore();
    for (const name of ["a", "b", "c"]) {
      const { process, lines } = hammer(name, 1_000_000);
      for (let i = 0; i < 20; i++) await once(lines, "line");
      process.kill("SIGKILL");
      await once(process, "close");
    }
    const db = openDatabase(file);
    expect(db.prepare("PRAGMA integrity_check").all()).toMatchObject([{ integrity_check: "ok" }]);
    const { counts } = (await store.getBatch(batch.id)) ?? {};
    const stored = db
      .prepare("SELECT state, count(*) AS n FROM transcriptions WHERE batch_id = ? GROUP BY state")
      .all(batch.id)
      .map(({ state, n }) => [state, n]);
    expect(counts).toEqual({ ...NO_COUNTS, ...Object.fromEntries(stored) });
    expect(counts?.completed).toBeGreaterThan(50);
    const queue = new SqliteQueue(db, { name: "other", clock: systemClock, deadLetters: null });
    await queue.send("alive");
    expect(await queue.depth()).toMatchObject({ visible: 1 });
  });

  test("see nothing of an object whose writer was killed, and can write it", async () => {
    const { blobs, bucket, folder } = await folderBucket();
    const { process, lines } = startChild("put-forever.ts", [folder]);
    for (let i = 0; i < 20; i++) await once(lines, "line");
    const unfinished = await readdir(join(folder, ".tmp"));
    process.kill("SIGKILL");
    await once(process, "close");
    expect(unfinished).toHaveLength(1);
    const ref = { bucket, key: "half/object" };
    expect(await blobs.head(ref)).toBeNull();
    expect(await Array.fromAsync(blobs.list(bucket, ""))).toEqual([]);
    expect(await blobs.put(ref, "whole", { ifAbsent: true })).toBe(true);
  });
});
