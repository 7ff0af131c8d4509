import { describe, expect, test } from "vitest";
import { NO_COUNTS } from "../../../../src/jobs/batch.ts";
import { finishListing } from "../../../../src/jobs/batches/finish-listing.ts";
import { readBatchSummary } from "../../../../src/jobs/batches/read-summary.ts";
import { settleBatch } from "../../../../src/jobs/batches/settle.ts";
import { ConflictError, NotFoundError } from "../../../../src/jobs/errors.ts";
import { batchResultsPrefix } from "../../../../src/jobs/object-keys.ts";
import type { Services } from "../../../../src/jobs/services.ts";
import { deleteTranscription } from "../../../../src/jobs/use-cases/delete-transcription.ts";
import {
  ANN,
  announcedBatches,
  BUCKET,
  batchOf,
  DURATION,
  itemsOf,
  listedBatch,
  openArchive,
  workThrough,
} from "../../../support/archive.ts";
import { withFaults } from "../../../support/faulty-services.ts";

const FILES = { "a.mp3": "a", "b.mp3": "b", "c/Ä 日本.mp3": "c" };
const WEBHOOK = { webhookUrl: "https://example.com/hook" };

async function summaryOf(services: Services, id: string): Promise<Record<string, unknown>[]> {
  const chunks = await Array.fromAsync(await readBatchSummary(services, ANN, id));
  const lines = Buffer.concat(chunks).toString().split("\n");
  expect(lines.pop()).toBe("");
  const found: Record<string, unknown>[] = lines.map((line) => JSON.parse(line));
  return found.toSorted((a, b) => (String(a.source) < String(b.source) ? -1 : 1));
}

describe("the end of a batch", () => {
  test("comes with its last item, and is told once", async () => {
    const archive = await openArchive(FILES);
    const { services } = archive;
    const { id } = await listedBatch(archive, WEBHOOK);
    expect(await announcedBatches(services)).toEqual([]);
    await workThrough(services, (key) => key === "b.mp3");
    const batch = await batchOf(services, id);
    expect(batch).toMatchObject({ state: "completed", audioSeconds: 2 * DURATION });
    expect(batch.counts).toEqual({ ...NO_COUNTS, completed: 2, failed: 1 });
    expect(batch.webhook?.state).toBe("pending");
    expect(await announcedBatches(services)).toEqual([id]);
  });

  test("is the same when several processes see it at once", async () => {
    const archive = await openArchive(FILES);
    const { services } = archive;
    const { id } = await listedBatch(archive);
    await workThrough(services);
    const before = await batchOf(services, id);
    await Promise.all([1, 2, 3].map(() => settleBatch(services, id)));
    expect(await batchOf(services, id)).toEqual(before);
  });

  test("sends the webhook's message again while it is pending", async () => {
    const archive = await openArchive(FILES);
    const { services } = archive;
    const { id } = await listedBatch(archive, WEBHOOK);
    await workThrough(services);
    expect(await announcedBatches(services)).toEqual([id]);
    await settleBatch(services, id);
    expect(await announcedBatches(services)).toEqual([id]);
  });

  test("is at once for one without items, or where all is done", async () => {
    const archive = await openArchive({ "notes.txt": "" });
    const empty = await listedBatch(archive, WEBHOOK);
    expect(empty).toMatchObject({ state: "completed", counts: NO_COUNTS });
    expect(await summaryOf(archive.services, empty.id)).toMatchObject([
      { source: "tapes/notes.txt", status: "left_out" },
    ]);
    expect(await announcedBatches(archive.services)).toEqual([empty.id]);
  });

  test("does not come before the list is read, though all items known are done", async () => {
    const archive = await openArchive(FILES);
    const { services } = archive;
    const { id } = await listedBatch(archive);
    const before = await batchOf(services, id);
    const listing = { ...before, state: "listing" as const, revision: before.revision + 1 };
    await services.store.saveBatch(before, { ...listing, listing: { cursor: "c", done: false } });
    await workThrough(services);
    expect((await batchOf(services, id)).state).toBe("listing");
    await finishListing(services, id);
    expect((await batchOf(services, id)).state).toBe("completed");
  });

  test("is looked for with a single read while items are left", async () => {
    const archive = await openArchive(FILES);
    const { id } = await listedBatch(archive);
    const counted = withFaults(archive.services, { at: Infinity, when: "before", forGood: false });
    await settleBatch(counted.services, id);
    await settleBatch(counted.services, `ba_${"0".repeat(32)}`);
    expect(counted.calls()).toBe(2);
  });
});

describe("the summary", () => {
  test("has a line for each item, skipped ones too", async () => {
    const archive = await openArchive(FILES);
    const { services } = archive;
    const first = await listedBatch(archive, { source: { kind: "prefix", bucket: "tapes", prefix: "a" } });
    await workThrough(services);
    const [earlier] = await itemsOf(services, first.id);
    const { id } = await listedBatch(archive);
    await workThrough(services, (key) => key === "b.mp3");
    const items = await itemsOf(services, id);
    expect(await summaryOf(services, id)).toEqual([
      { source: "tapes/a.mp3", id: earlier.id, status: "skipped", duration: null, error: null },
      {
        source: "tapes/b.mp3",
        id: items[0].id,
        status: "failed",
        duration: null,
        error: { code: "no_audio", message: "It has no audio." },
      },
      {
        source: "tapes/c/Ä 日本.mp3",
        id: items[1].id,
        status: "completed",
        duration: DURATION,
        error: null,
      },
    ]);
  });

  test("may be longer than a page of the store", async () => {
    const files = Object.fromEntries(Array.from({ length: 1003 }, (_, number) => [`${number}.mp3`, ""]));
    const archive = await openArchive(files);
    const { services } = archive;
    const skipping = await listedBatch(archive);
    await workThrough(services);
    const skipped = await listedBatch(archive);
    const lines = await Promise.all([skipping, skipped].map(({ id }) => summaryOf(services, id)));
    expect(lines.map((found) => new Set(found.map(({ source }) => source)).size)).toEqual([1003, 1003]);
    expect(new Set(lines[1].map(({ status }) => status))).toEqual(new Set(["skipped"]));
  });

  test("is a manifest itself: what failed is tried again", async () => {
    const archive = await openArchive(FILES);
    const { services } = archive;
    const first = await listedBatch(archive);
    await workThrough(services, (key) => key === "b.mp3");
    const summary = await Array.fromAsync(await readBatchSummary(services, ANN, first.id));
    const manifest = { bucket: "tapes", key: "again.jsonl" };
    await services.blobs.put(manifest, Buffer.concat(summary));
    const source = { kind: "manifest" as const, manifest, format: "jsonl" as const, bucket: null };
    const again = await listedBatch(archive, { source });
    expect(again.counts).toEqual({ ...NO_COUNTS, skipped: 2, queued: 1 });
  });

  test("is not there before the end, nor for others", async () => {
    const archive = await openArchive(FILES);
    const { id } = await listedBatch(archive);
    const reading = readBatchSummary(archive.services, ANN, id);
    await expect(reading).rejects.toThrow(ConflictError);
    await expect(reading).rejects.toMatchObject({ code: "not_completed", details: { status: "processing" } });
    const bob = { owner: "bob", keyId: "ke_2" };
    await expect(readBatchSummary(archive.services, bob, id)).rejects.toThrow(NotFoundError);
  });
});

describe("the results of a batch", () => {
  const keysIn = async ({ blobs }: Services, bucket: string, prefix: string) =>
    (await Array.fromAsync(blobs.list(bucket, prefix))).map(({ key }) => key);

  test("lie in its own place, and go with their transcription", async () => {
    const archive = await openArchive(FILES);
    const { services } = archive;
    const results = { place: "batch" as const, formats: ["json" as const, "srt" as const] };
    const { id } = await listedBatch(archive, { results });
    await workThrough(services, (key) => key !== "a.mp3");
    const prefix = batchResultsPrefix(id);
    expect(await keysIn(services, BUCKET, prefix)).toEqual([
      `${prefix}tapes/a.mp3.json`,
      `${prefix}tapes/a.mp3.srt`,
    ]);
    const [item] = await itemsOf(services, id);
    await deleteTranscription(services, ANN, item.id);
    expect(await keysIn(services, BUCKET, prefix)).toEqual([]);
    expect((await batchOf(services, id)).counts).toEqual({ ...NO_COUNTS, failed: 2, deleted: 1 });
  });

  test("lie beside the recordings, and are none themselves", async () => {
    const archive = await openArchive(FILES);
    const { services } = archive;
    const results = { place: "beside" as const, formats: ["json" as const, "vtt" as const] };
    const { id } = await listedBatch(archive, { results });
    await workThrough(services, (key) => key === "b.mp3");
    expect(await keysIn(services, "tapes", "")).toEqual([
      "a.mp3",
      "a.mp3.json",
      "a.mp3.vtt",
      "b.mp3",
      "c/Ä 日本.mp3",
      "c/Ä 日本.mp3.json",
      "c/Ä 日本.mp3.vtt",
    ]);
    expect(await keysIn(services, BUCKET, batchResultsPrefix(id))).toEqual([]);
    const again = await listedBatch(archive, { force: true, results });
    expect(again.counts).toEqual({ ...NO_COUNTS, queued: 3 });
  });
});
