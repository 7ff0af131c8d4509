import { describe, expect, test } from "vitest";
import { type BatchSource, NO_COUNTS } from "../../../../src/jobs/batch.ts";
import { createBatch } from "../../../../src/jobs/batches/create-batch.ts";
import { enqueueItems } from "../../../../src/jobs/batches/enqueue-items.ts";
import { finishListing } from "../../../../src/jobs/batches/finish-listing.ts";
import type { BatchItem } from "../../../../src/jobs/batches/item.ts";
import { transcribeMessage } from "../../../../src/jobs/messages.ts";
import { DEFAULT_OPTIONS, ITEM_REQUEUE_SECONDS } from "../../../../src/jobs/transcription.ts";
import { sweep } from "../../../../src/jobs/use-cases/sweep.ts";
import {
  ANN,
  type Archive,
  BUCKET,
  batchOf,
  batchRequest,
  itemsOf,
  listedBatch,
  openArchive,
  START,
  takeAll,
  workThrough,
  writeFiles,
} from "../../../support/archive.ts";

const MANIFEST: BatchSource = {
  kind: "manifest",
  manifest: { bucket: "tapes", key: "list.csv" },
  format: "csv",
  bucket: null,
};

const item = (key: string, changes: Partial<BatchItem> = {}): BatchItem => ({
  bucket: null,
  key,
  etag: `etag of ${key}`,
  size: 1,
  ...changes,
});

async function listingBatch(archive: Archive, changes: Parameters<typeof batchRequest>[0] = {}) {
  await writeFiles(archive.folder, { "list.csv": "key\n" });
  const { record } = await createBatch(archive.services, ANN, batchRequest(changes), null);
  return record;
}

describe("items of a batch", () => {
  test("wait in the archive's queue with what the batch wants of them", async () => {
    const archive = await openArchive();
    const { services } = archive;
    const options = { ...DEFAULT_OPTIONS, alternatives: 3 };
    const metadata = { box: "7" };
    const { id } = await listingBatch(archive, { options, metadata, deleteAfterSeconds: 60 });
    await enqueueItems(services, id, [item("x/a.mp3")]);
    const [found, ...others] = await itemsOf(services, id);
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      owner: "ann",
      state: "queued",
      origin: "source",
      queue: "archive",
      source: { bucket: "tapes", key: "x/a.mp3" },
      sourceEtag: "etag of x/a.mp3",
      fileName: "a.mp3",
      options,
      metadata,
      deleteAfterSeconds: 60,
      dueAt: new Date(START + ITEM_REQUEUE_SECONDS * 1000).toISOString(),
    });
    expect(await takeAll(services, "archive")).toEqual([transcribeMessage(found.id)]);
  });

  test("are recordings alone where a folder is searched through", async () => {
    const archive = await openArchive();
    const { id } = await listingBatch(archive);
    const keys = ["a.mp3", "a.mp3.json", "a.mp3.srt", "b.txt", "c.WAV", "folder.mp3/", "d"];
    await enqueueItems(
      archive.services,
      id,
      keys.map((key) => item(key)),
    );
    const items = await itemsOf(archive.services, id);
    expect(items.map(({ source }) => source.key)).toEqual(["a.mp3", "c.WAV"]);
  });

  test("are whatever a list of somebody's says", async () => {
    const archive = await openArchive();
    const { id } = await listingBatch(archive, { source: MANIFEST });
    await enqueueItems(archive.services, id, [item("a.bin", { bucket: "tapes" })]);
    expect((await batchOf(archive.services, id)).counts.queued).toBe(1);
  });

  test("count once, however often and by however many they are handed in", async () => {
    const archive = await openArchive();
    const { services } = archive;
    const { id } = await listingBatch(archive);
    const items = Array.from({ length: 40 }, (_, number) => item(`${number}.mp3`));
    const doubled = [...items, ...items.toReversed()];
    await Promise.all([1, 2, 3, 4].map(() => enqueueItems(services, id, doubled)));
    expect((await batchOf(services, id)).counts).toEqual({ ...NO_COUNTS, queued: 40 });
    await workThrough(services, (key) => key.startsWith("1"));
    const { counts, audioSeconds } = await batchOf(services, id);
    expect(counts).toEqual({ ...NO_COUNTS, completed: 29, failed: 11 });
    expect(audioSeconds).toBe(29 * 60);
  });

  test("are sent again while they wait, and only then", async () => {
    const archive = await openArchive();
    const { services } = archive;
    const { id } = await listingBatch(archive);
    await enqueueItems(services, id, [item("a.mp3")]);
    await workThrough(services);
    await enqueueItems(services, id, [item("a.mp3"), item("b.mp3")]);
    await takeAll(services, "archive");
    await enqueueItems(services, id, [item("a.mp3"), item("b.mp3")]);
    const waiting = (await itemsOf(services, id)).filter(({ state }) => state === "queued");
    expect(waiting.map(({ source }) => source.key)).toEqual(["b.mp3"]);
    expect(await takeAll(services, "archive")).toEqual(waiting.map((found) => transcribeMessage(found.id)));
    // Done by this very batch: no reason to skip it.
    expect((await batchOf(services, id)).counts).toEqual({ ...NO_COUNTS, completed: 1, queued: 1 });
  });

  test("are not taken once the list is read, nor for a batch that is not there", async () => {
    const archive = await openArchive();
    const { services } = archive;
    const { id } = await listingBatch(archive);
    await finishListing(services, id);
    await enqueueItems(services, id, [item("a.mp3")]);
    await enqueueItems(services, `ba_${"0".repeat(32)}`, [item("a.mp3")]);
    expect((await batchOf(services, id)).counts).toEqual(NO_COUNTS);
    expect(await takeAll(services, "archive")).toEqual([]);
  });
});

describe("items that cannot be tried", () => {
  test.each<[string, BatchItem, string, RegExp]>([
    ["without a key", item("", { bucket: "tapes" }), "invalid_request", /names no key/],
    ["without a bucket", item("a.mp3"), "invalid_request", /names no bucket/],
    [
      "in somebody else's bucket",
      item("a.mp3", { bucket: "other" }),
      "invalid_request",
      /other is not a source/,
    ],
    [
      "in the service's own bucket",
      item("results/tr_1.json", { bucket: BUCKET }),
      "invalid_request",
      /not a source/,
    ],
    [
      "in somebody else's inbox",
      item("inbox/bob/a.mp3", { bucket: BUCKET }),
      "invalid_request",
      /not a source/,
    ],
    [
      "that are not there",
      item("no.mp3", { bucket: "tapes", etag: null }),
      "not_found",
      /no object tapes\/no.mp3/,
    ],
    ["out of the folder", item("../a.mp3", { bucket: "tapes", etag: null }), "not_found", /no object/],
    ["with a key too long", item("ä".repeat(513), { bucket: "tapes" }), "invalid_request", /1024 bytes/],
    ["with a key that is no text", item("\ud800.mp3", { bucket: "tapes" }), "invalid_request", /UTF-8/],
    [
      "that are too large",
      item("a.mp3", { bucket: "tapes", size: 3e9 }),
      "too_large",
      /larger than 2000000000/,
    ],
  ])("fail at once: %s", async (_, bad, code, message) => {
    const archive = await openArchive();
    const { services } = archive;
    const { id } = await listingBatch(archive, { source: MANIFEST });
    for (let times = 0; times < 2; times++) await enqueueItems(services, id, [bad]);
    expect((await batchOf(services, id)).counts).toEqual({ ...NO_COUNTS, failed: 1 });
    const [found] = await itemsOf(services, id);
    expect(found.error).toEqual({ code, message: expect.stringMatching(message) });
    expect(found.dueAt).toBeNull();
    expect(await takeAll(services, "archive")).toEqual([]);
  });

  test("fail where their results would come into an inbox", async () => {
    const archive = await openArchive();
    const { services } = archive;
    const results = { place: "beside" as const, formats: [] };
    const { id } = await listingBatch(archive, { source: MANIFEST, results });
    await enqueueItems(services, id, [item("inbox/ann/a.mp3", { bucket: BUCKET })]);
    const [found] = await itemsOf(services, id);
    expect(found.error?.message).toContain("taken for recordings");
  });
});

describe("items that were done before", () => {
  const FILES = { "a.mp3": "a", "b.mp3": "b" };

  async function doneOnce(changes: Parameters<typeof batchRequest>[0] = {}) {
    const archive = await openArchive(FILES);
    const first = await listedBatch(archive, changes);
    await workThrough(archive.services, (key) => key === "b.mp3");
    expect((await batchOf(archive.services, first.id)).state).toBe("completed");
    return archive;
  }

  test("are skipped, failed ones are not", async () => {
    const archive = await doneOnce();
    const { id, counts } = await listedBatch(archive);
    expect(counts).toEqual({ ...NO_COUNTS, skipped: 1, queued: 1 });
    const { items } = await archive.services.store.listBatchSkips(id, 10);
    expect(items.map(({ source }) => source.key)).toEqual(["a.mp3"]);
  });

  test("are done again with force", async () => {
    const { counts } = await listedBatch(await doneOnce(), { force: true });
    expect(counts).toEqual({ ...NO_COUNTS, queued: 2 });
  });

  test("are done again when they have changed", async () => {
    const archive = await doneOnce();
    await writeFiles(archive.folder, { "a.mp3": "another recording" });
    expect((await listedBatch(archive)).counts).toEqual({ ...NO_COUNTS, queued: 2 });
  });

  test("are done again with other options, and by another model", async () => {
    const archive = await doneOnce();
    const options = { ...DEFAULT_OPTIONS, alternatives: 2 };
    expect((await listedBatch(archive, { options })).counts).toEqual({ ...NO_COUNTS, queued: 2 });
    archive.services.models = [{ ...archive.services.models[0], version: "2" }];
    expect((await listedBatch(archive)).counts).toEqual({ ...NO_COUNTS, queued: 2 });
  });

  test("are skipped in a list without etags too", async () => {
    const archive = await doneOnce();
    await writeFiles(archive.folder, { "list.csv": "bucket,key\ntapes,a.mp3\ntapes,b.mp3\n" });
    expect((await listedBatch(archive, { source: MANIFEST })).counts).toEqual({
      ...NO_COUNTS,
      skipped: 1,
      queued: 1,
    });
  });

  test("are not skipped when their transcript was deleted", async () => {
    const archive = await doneOnce({ deleteAfterSeconds: 60 });
    archive.clock.ms += 61_000;
    await sweep(archive.services);
    expect((await listedBatch(archive)).counts).toEqual({ ...NO_COUNTS, queued: 2 });
  });
});
