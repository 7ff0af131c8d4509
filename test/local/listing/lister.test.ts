import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  type EnqueueArchiveEvent,
  makeEnqueueArchiveHandler,
} from "../../../functions/enqueue-archive/handler.ts";
import { BatchLister, type BatchListerOptions } from "../../../local/listing/lister.ts";
import { type BatchSource, type BatchState, NO_COUNTS } from "../../../src/jobs/batch.ts";
import { cancelBatch } from "../../../src/jobs/batches/cancel-batch.ts";
import { createBatch } from "../../../src/jobs/batches/create-batch.ts";
import { advanceListing } from "../../../src/jobs/batches/finish-listing.ts";
import { readBatchSummary } from "../../../src/jobs/batches/read-summary.ts";
import { enter } from "../../../src/jobs/transcription.ts";
import {
  ANN,
  type Archive,
  announcedBatches,
  batchOf,
  batchRequest,
  itemsOf,
  listedBatch,
  openArchive,
  workThrough,
} from "../../support/archive.ts";

const FILES = Object.fromEntries("abcdefghij".split("").map((name) => [`${name}.mp3`, name]));

function openLister({ services }: Archive, options: Partial<BatchListerOptions> = {}): BatchLister {
  const enqueue = makeEnqueueArchiveHandler(services);
  const lister = new BatchLister({ services, enqueue, pageSize: 2, retryDelaysMs: [], ...options });
  onTestFinished(() => lister.close());
  return lister;
}

async function newBatch({ services }: Archive, changes: Parameters<typeof batchRequest>[0] = {}) {
  return (await createBatch(services, ANN, batchRequest(changes), null)).record.id;
}

async function untilState({ services }: Archive, id: string, state: BatchState) {
  await expect.poll(async () => (await batchOf(services, id)).state, { interval: 2 }).toBe(state);
  return batchOf(services, id);
}

/** A handler whose calls wait until they are let go, one by one. */
function gated(archive: Archive) {
  const enqueue = makeEnqueueArchiveHandler(archive.services);
  const held: (() => void)[] = [];
  const events: EnqueueArchiveEvent[] = [];
  const handler = async (event: EnqueueArchiveEvent) => {
    events.push(event);
    await new Promise<void>((resolve) => held.push(resolve));
    await enqueue(event);
  };
  return { handler, held, events };
}

const manifest = (key: string, format: "csv" | "jsonl" | "s3_inventory" = "csv"): BatchSource => ({
  kind: "manifest",
  manifest: { bucket: "tapes", key },
  format,
  bucket: "tapes",
});

describe("a lister", () => {
  test("hands over pages as Step Functions would", async () => {
    const archive = await openArchive({ "a.mp3": "aa", "b/c.mp3": "c", "d.txt": "d" });
    const { handler, held, events } = gated(archive);
    const id = await newBatch(archive);
    openLister(archive, { enqueue: handler }).start(id);
    await expect.poll(() => held.length).toBe(1);
    expect(events[0]).toEqual({
      BatchInput: { batch_id: id },
      Items: [
        { Key: "a.mp3", Size: 2, ETag: expect.any(String) },
        { Key: "b/c.mp3", Size: 1, ETag: expect.any(String) },
      ],
    });
    held[0]();
    await expect.poll(() => held.length).toBe(2);
    held[1]();
    expect((await untilState(archive, id, "processing")).counts.queued).toBe(2);
  });

  test("reads below a prefix alone", async () => {
    const archive = await openArchive({
      "1998/a.mp3": "",
      "1999/a.mp3": "",
      "1999/b.mp3": "",
      "2000.mp3": "",
    });
    const { id } = await listedBatch(archive, {
      source: { kind: "prefix", bucket: "tapes", prefix: "1999" },
    });
    const keys = (await itemsOf(archive.services, id)).map(({ source }) => source.key);
    expect(keys).toEqual(["1999/a.mp3", "1999/b.mp3"]);
  });

  test("reads a few batches side by side, each once, and the others after them", async () => {
    const archive = await openArchive({ "a.mp3": "a" });
    const { handler, held, events } = gated(archive);
    const lister = openLister(archive, { enqueue: handler });
    const ids = await Promise.all([1, 2, 3, 4, 5, 6].map(() => newBatch(archive)));
    for (const id of [...ids, ...ids]) lister.start(id);
    await expect.poll(() => held.length).toBe(4);
    const begun = () => events.map(({ BatchInput }) => BatchInput.batch_id).toSorted();
    expect(begun()).toEqual(ids.slice(0, 4).toSorted());
    const listed = () => archive.events.filter((event) => event === "batch.listed").length;
    for (let done = 1; done <= ids.length; done++) {
      await expect.poll(() => held.length).toBeGreaterThan(0);
      held.shift()?.();
      await expect.poll(listed).toBe(done);
    }
    expect(begun()).toEqual(ids.toSorted());
  });

  test("stops after the page in hand when it is closed, and another goes on from there", async () => {
    const archive = await openArchive(FILES);
    const { handler, held, events } = gated(archive);
    const id = await newBatch(archive);
    const lister = openLister(archive, { enqueue: handler });
    lister.start(id);
    await expect.poll(() => held.length).toBe(1);
    const closing = lister.close();
    held[0]();
    await closing;
    lister.start(id);
    expect(await batchOf(archive.services, id)).toMatchObject({
      state: "listing",
      listing: { cursor: "b.mp3", done: false },
      counts: { queued: 2 },
    });
    expect(events).toHaveLength(1);
    await openLister(archive).resumeAll();
    expect((await untilState(archive, id, "processing")).counts).toEqual({ ...NO_COUNTS, queued: 10 });
  });

  test("stops when the batch is canceled", async () => {
    const archive = await openArchive(FILES);
    const { handler, held, events } = gated(archive);
    const id = await newBatch(archive);
    openLister(archive, { enqueue: handler }).start(id);
    await expect.poll(() => held.length).toBe(1);
    held[0]();
    await expect.poll(() => held.length).toBe(2);
    expect((await cancelBatch(archive.services, ANN, id)).state).toBe("canceling");
    held[1]();
    expect((await untilState(archive, id, "canceled")).counts).toEqual({ ...NO_COUNTS, canceled: 2 });
    expect(events).toHaveLength(2);
  });

  test("counts right beside another one that reads the same batch", async () => {
    const archive = await openArchive(FILES);
    const id = await newBatch(archive);
    for (const pageSize of [1, 2, 3]) openLister(archive, { pageSize }).start(id);
    expect((await untilState(archive, id, "processing")).counts).toEqual({ ...NO_COUNTS, queued: 10 });
  });

  test("gives up a batch whose source cannot be read after some tries", async () => {
    const archive = await openArchive();
    const source: BatchSource = { kind: "prefix", bucket: "gone", prefix: "" };
    const id = await newBatch(archive, { source, webhookUrl: "https://example.com/" });
    openLister(archive, { retryDelaysMs: [0, 0] }).start(id);
    const { error, times } = await untilState(archive, id, "failed");
    expect(error).toEqual({
      code: "invalid_request",
      message: "There is no bucket gone, or its folder is not there.",
    });
    expect(times.failed).toBeDefined();
    expect(archive.events.filter((event) => event === "batch.listing_failed")).toHaveLength(3);
    await expect.poll(() => announcedBatches(archive.services)).toEqual([id]);
  });

  test("is not kept from trying again by failures long past", async () => {
    const archive = await openArchive(FILES);
    const enqueue = makeEnqueueArchiveHandler(archive.services);
    let calls = 0;
    const flaky = async (event: EnqueueArchiveEvent) => {
      if (++calls % 2 === 1) throw new Error("not now");
      await enqueue(event);
    };
    const id = await newBatch(archive);
    openLister(archive, { enqueue: flaky, retryDelaysMs: [0] }).start(id);
    expect((await untilState(archive, id, "processing")).counts).toEqual({ ...NO_COUNTS, queued: 10 });
  });

  test("says nothing to callers of what it does not know", async () => {
    const archive = await openArchive(FILES);
    const enqueue = () => Promise.reject(new Error("/secret/path"));
    const id = await newBatch(archive);
    openLister(archive, { enqueue }).start(id);
    expect((await untilState(archive, id, "failed")).error).toEqual({
      code: "internal_error",
      message: "The source of the batch could not be read to its end.",
    });
  });

  test("ends, at its start, what only lacks its end", async () => {
    const archive = await openArchive(FILES);
    const { services } = archive;
    const { id } = await listedBatch(archive);
    const items = await itemsOf(services, id);
    const { store } = services;
    // All of them end, but nobody sees to what follows.
    for (const item of items) await store.saveTranscription(item, enter(item, "canceled", "2026-05-01", {}));
    expect((await batchOf(services, id)).state).toBe("processing");
    await openLister(archive).resumeAll();
    expect((await batchOf(services, id)).state).toBe("completed");
  });
});

describe("a manifest", () => {
  test.each([
    ["csv", "key\na.mp3\n\nb.mp3\n"],
    ["jsonl", '"a.mp3"\n{"bucket":"tapes","key":"b.mp3"}\n'],
  ] as const)("in %s is read, with rows that fail among others", async (format, rows) => {
    const extra = format === "csv" ? "no.mp3\n" : '{"key":"no.mp3"}\n{"no":"key"}\n';
    const archive = await openArchive({ ...FILES, list: rows + extra });
    const { id, counts } = await listedBatch(archive, { source: manifest("list", format) });
    const failed = format === "csv" ? 1 : 2;
    expect(counts).toEqual({ ...NO_COUNTS, queued: 2, failed });
    await workThrough(archive.services);
    expect((await batchOf(archive.services, id)).state).toBe("completed");
  });

  test("of an S3 Inventory is read for the recordings that are there now", async () => {
    const row = (key: string, latest = true) => `"tapes","${key}","${latest}","false","e${key}"\n`;
    const rows = [row("b+c%C3%A4.mp3"), row("b+c%C3%A4.mp3", false), row("a.mp3.json"), row("d.mp3")];
    const archive = await openArchive({
      "manifest.json": JSON.stringify({
        fileFormat: "CSV",
        fileSchema: "Bucket, Key, IsLatest, IsDeleteMarker, ETag",
        files: [{ key: "data.csv.gz" }],
      }),
      "data.csv.gz": gzipSync(rows.join("")),
    });
    const { id, counts } = await listedBatch(archive, { source: manifest("manifest.json", "s3_inventory") });
    expect(counts).toEqual({ ...NO_COUNTS, queued: 2 });
    const items = await itemsOf(archive.services, id);
    expect(items.map(({ source }) => source.key)).toEqual(["b cä.mp3", "d.mp3"]);
  });

  test("that breaks off fails the batch and names the line; its items are done all the same", async () => {
    const archive = await openArchive({ ...FILES, list: 'key\na.mp3\nb.mp3\nc.mp3\nd.mp3\n"e.mp3\n' });
    const { services } = archive;
    const batch = await listedBatch(archive, {
      source: manifest("list"),
      webhookUrl: "https://example.com/",
    });
    expect(batch).toMatchObject({ state: "failed", summaryKey: null });
    expect(batch.error?.code).toBe("invalid_manifest");
    expect(batch.error?.message).toMatch(/^The manifest cannot be read: line \d+: .*Quote Not Closed/);
    expect(await announcedBatches(services)).toEqual([batch.id]);
    await workThrough(services);
    const { counts, state, summaryKey } = await batchOf(services, batch.id);
    expect(state).toBe("failed");
    expect(counts).toEqual({ ...NO_COUNTS, completed: batch.counts.queued });
    expect(summaryKey).not.toBeNull();
    const summary = await Array.fromAsync(await readBatchSummary(services, ANN, batch.id));
    expect(Buffer.concat(summary).toString().trim().split("\n")).toHaveLength(counts.completed);
  });

  test("that is taken away fails the batch", async () => {
    const archive = await openArchive({ list: "key\n" });
    const id = await newBatch(archive, { source: manifest("list") });
    await archive.services.blobs.delete({ bucket: "tapes", key: "list" });
    openLister(archive, { retryDelaysMs: [60_000] }).start(id);
    expect((await untilState(archive, id, "failed")).error?.code).toBe("not_found");
  });

  test("that is broken does not fail a batch that is being canceled", async () => {
    const archive = await openArchive({ ...FILES, list: "a.mp3\nb,c\n" });
    const id = await newBatch(archive, { source: manifest("list") });
    const { handler, held } = gated(archive);
    openLister(archive, { enqueue: handler, pageSize: 1 }).start(id);
    await expect.poll(() => held.length).toBe(1);
    await cancelBatch(archive.services, ANN, id);
    held[0]();
    expect((await untilState(archive, id, "canceled")).error).toBeNull();
  });
});

describe("the cursor", () => {
  test("moves only from where it is, while the list is read", async () => {
    const archive = await openArchive(FILES);
    const { services } = archive;
    const id = await newBatch(archive);
    expect(await advanceListing(services, id, null, "a")).toBe(true);
    expect(await advanceListing(services, id, null, "b")).toBe(false);
    expect(await advanceListing(services, id, "a", "b")).toBe(true);
    await cancelBatch(services, ANN, id);
    expect(await advanceListing(services, id, "b", "c")).toBe(false);
    expect((await batchOf(services, id)).listing).toEqual({ cursor: "b", done: false });
  });
});
