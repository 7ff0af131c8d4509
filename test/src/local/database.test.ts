import { chmod, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { StorageFullError, StorageReadOnlyError } from "../../../src/jobs/errors.ts";
import { openDatabase } from "../../../src/local/database.ts";
import { SqliteJobStore } from "../../../src/local/sqlite-job-store.ts";
import { SqliteQueue } from "../../../src/local/sqlite-queue.ts";
import { storageError } from "../../../src/local/storage-errors.ts";
import { systemClock } from "../../../src/local/system-clock.ts";
import { aBatch, aTranscription, NOW } from "../../contract/records.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startChild } from "./children/run-child.ts";

async function databaseFile(): Promise<string> {
  return join(await temporaryFolder(), "service.db");
}

function open(file: string) {
  const db = openDatabase(file);
  const queue = new SqliteQueue(db, { name: "work", clock: systemClock, deadLetters: null });
  return { db, store: new SqliteJobStore(db), queue };
}

describe("the database", () => {
  test("keeps what it holds when it is closed and opened again", async () => {
    const file = await databaseFile();
    const first = open(file);
    const record = aTranscription();
    await first.store.createTranscription(record, { now: NOW });
    await first.queue.send("hello");
    first.db.close();
    const { store, queue } = open(file);
    expect(await store.getTranscription(record.id)).toEqual(record);
    expect(await queue.depth()).toMatchObject({ visible: 1 });
  });

  test("can be read by its owner alone", async () => {
    const file = await databaseFile();
    const { queue } = open(file);
    await queue.send("secret");
    for (const path of [file, `${file}-wal`]) expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test("of a newer version is refused and left as it is", async () => {
    const file = await databaseFile();
    const { db } = open(file);
    db.exec("PRAGMA user_version = 99");
    expect(() => openDatabase(file)).toThrow(/newer version.*99/);
    expect(db.prepare("PRAGMA user_version").get()).toMatchObject({ user_version: 99 });
  });

  test("that is none is refused", async () => {
    const file = await databaseFile();
    await writeFile(file, "This is a shopping list, and by no means a database.\n".repeat(100));
    expect(() => openDatabase(file)).toThrow("not a database");
  });

  test.each([
    ["itself", 0o444, 0o755],
    ["and its folder", 0o444, 0o555],
    ["beside", 0o666, 0o555],
  ])("that may not be written to %s is reported when it is opened", async (_, mode, folderMode) => {
    const file = await databaseFile();
    const folder = join(file, "..");
    open(file).db.close();
    await chmod(file, mode);
    await chmod(folder, folderMode);
    onTestFinished(() => chmod(folder, 0o755));
    if (process.getuid?.() === 0) {
      // Nothing is forbidden to root: be nobody for a moment.
      process.seteuid?.(65534);
      onTestFinished(() => process.seteuid?.(0));
    }
    expect(() => openDatabase(file)).toThrow(StorageReadOnlyError);
  });
});

describe("a database that cannot be written to", () => {
  test.each([
    ["full", "PRAGMA max_page_count = 1", StorageFullError],
    ["read-only", "PRAGMA query_only = 1", StorageReadOnlyError],
  ])("because it is %s says so in every method that writes, and can be read", async (_, pragma, refusal) => {
    const { db, store, queue } = open(":memory:");
    const [record, batch] = [aTranscription(), aBatch()];
    await store.createTranscription(record, { now: NOW });
    await store.createBatch(batch, { now: NOW });
    await queue.send("before");
    db.exec(pragma);
    const long = "x".repeat(100_000);
    const metadata = { long };
    const skip = { batchId: batch.id, itemId: long, source: record.source, transcriptionId: record.id };
    const key = { id: long, hash: "h", owner: "ada", name: "", hint: "", createdAt: NOW, revokedAt: null };
    const owner = { id: long, revision: 1, createdAt: NOW, webhookSecrets: [], disabledEndpoints: [] };
    const attempts = [
      () => store.createTranscription(aTranscription({ metadata }), { now: NOW }),
      () => store.saveTranscription(record, { ...record, revision: 2, metadata }),
      () => store.createBatch(aBatch({ metadata }), { now: NOW }),
      () => store.saveBatch(batch, { ...batch, revision: 2, metadata }),
      () => store.skipBatchItem(skip),
      () => store.createKey(key),
      () => store.saveOwner(null, owner),
      () => queue.send(long),
      () => queue.sendMany([long]),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow(refusal);
    expect(db.isTransaction).toBe(false);
    expect(await store.getTranscription(record.id)).toEqual(record);
    expect(await store.getBatch(batch.id)).toEqual(batch);
    expect(await queue.depth()).toMatchObject({ visible: 1 });
    db.exec("PRAGMA max_page_count = 100000; PRAGMA query_only = 0");
    for (const attempt of attempts) await expect(attempt()).resolves.not.toThrow();
  });

  test("is not in good health", async () => {
    const { db, store } = open(":memory:");
    db.exec("PRAGMA query_only = 1");
    await expect(store.checkHealth()).rejects.toThrow(StorageReadOnlyError);
  });
});

test("on a disk with no room left, nothing is lost and nothing is left half written", async () => {
  const child = startChild("fill-up.ts", [await temporaryFolder()], "ulimit -f 4000");
  expect(await child.output()).toEqual(["storage_full", "before", "storage_full", "small"]);
});

test.each([
  [{ code: "ENOSPC" }, StorageFullError],
  [{ code: "EDQUOT" }, StorageFullError],
  [{ code: "EROFS" }, StorageReadOnlyError],
  [{ code: "EACCES" }, StorageReadOnlyError],
  [{ code: "ERR_SQLITE_ERROR", errcode: 13 }, StorageFullError],
  [{ code: "ERR_SQLITE_ERROR", errcode: 778 }, StorageFullError],
  [{ code: "ERR_SQLITE_ERROR", errcode: 8 | (3 << 8) }, StorageReadOnlyError],
])("%j is told in the service's words, with its cause", (facts, kind) => {
  const error = Object.assign(new Error("low"), facts);
  expect(storageError(error)).toBeInstanceOf(kind);
  expect(storageError(error)).toMatchObject({ cause: error });
});

test.each([{ code: "EIO" }, { code: "ERR_SQLITE_ERROR", errcode: 5 }, {}])("%j stays as it is", (facts) => {
  const error = Object.assign(new Error("low"), facts);
  expect(storageError(error)).toBe(error);
});
