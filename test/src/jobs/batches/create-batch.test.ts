import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { BatchSource } from "../../../../src/jobs/batch.ts";
import { type CreateBatchRequest, createBatch } from "../../../../src/jobs/batches/create-batch.ts";
import { getBatch } from "../../../../src/jobs/batches/get-batch.ts";
import { listBatches } from "../../../../src/jobs/batches/list-batches.ts";
import {
  IdempotencyKeyReusedError,
  InvalidRequestError,
  NotFoundError,
  StorageFullError,
} from "../../../../src/jobs/errors.ts";
import { DEFAULT_OPTIONS } from "../../../../src/jobs/transcription.ts";
import {
  ANN,
  type Archive,
  BUCKET,
  batchRequest,
  openArchive,
  writeFiles,
} from "../../../support/archive.ts";

const BOB = { owner: "bob", keyId: "ke_2" };

const prefix = (bucket: string, path: string): BatchSource => ({ kind: "prefix", bucket, prefix: path });
const manifest = (bucket: string, key: string, rows: string | null = null): BatchSource => ({
  kind: "manifest",
  manifest: { bucket, key },
  format: "csv",
  bucket: rows,
});

/** Remembers which batches were begun to be listed. */
function listingsOf({ services }: Archive): string[] {
  const started: string[] = [];
  services.startListing = async (id) => {
    started.push(id);
  };
  return started;
}

describe("creating a batch", () => {
  test("stores it and begins to read its source", async () => {
    const archive = await openArchive();
    const started = listingsOf(archive);
    const request = batchRequest({
      name: "Old tapes",
      metadata: { a: "b" },
      force: true,
      deleteAfterSeconds: 60,
      webhookUrl: "https://example.com/hook",
    });
    const { record, replayed } = await createBatch(archive.services, ANN, request, null);
    expect(replayed).toBe(false);
    expect(started).toEqual([record.id]);
    expect(record).toMatchObject({ owner: "ann", state: "listing", name: "Old tapes", force: true });
    expect(record.results).toEqual({ place: "batch", formats: ["json"] });
    expect(record.webhook).toMatchObject({ url: "https://example.com/hook", state: "waiting" });
    expect(await getBatch(archive.services, ANN, record.id)).toEqual(record);
    await expect(getBatch(archive.services, BOB, record.id)).rejects.toThrow(NotFoundError);
  });

  test("is done once for one Idempotency-Key, and begins the listing again if it has to", async () => {
    const archive = await openArchive();
    const { services } = archive;
    services.startListing = async () => {
      throw new Error("crash");
    };
    await expect(createBatch(services, ANN, batchRequest(), "k")).rejects.toThrow("crash");
    const started = listingsOf(archive);
    const again = await createBatch(services, ANN, batchRequest(), "k");
    expect(again.replayed).toBe(true);
    expect(started).toEqual([again.record.id]);
    const other = createBatch(services, ANN, batchRequest({ name: "another" }), "k");
    await expect(other).rejects.toThrow(IdempotencyKeyReusedError);
    expect(
      (await createBatch(services, BOB, batchRequest({ source: prefix(BUCKET, "inbox/bob/") }), "k"))
        .replayed,
    ).toBe(false);
    expect((await listBatches(services, ANN, { limit: 10 })).items.map(({ id }) => id)).toEqual([
      again.record.id,
    ]);
  });

  test.each<[string, Partial<CreateBatchRequest>, string]>([
    ["a language the model does not know", { options: { ...DEFAULT_OPTIONS, language: "fr" } }, "language"],
    ["a private webhook", { webhookUrl: "https://10.0.0.1/" }, "webhook.url"],
    ["somebody else's bucket", { source: prefix("other", "") }, "source.bucket"],
    ["the service's own bucket", { source: prefix(BUCKET, "") }, "source.bucket"],
    ["somebody else's inbox", { source: prefix(BUCKET, "inbox/bob/") }, "source.bucket"],
    [
      "an inbox without its slash, which others may begin with",
      { source: prefix(BUCKET, "inbox/ann") },
      "source.bucket",
    ],
    ["a manifest of somebody else's", { source: manifest(BUCKET, "inbox/bob/list.csv") }, "source.bucket"],
    ["a manifest that is not there", { source: manifest("tapes", "no.csv") }, "source.manifest"],
    ["rows of somebody else's bucket", { source: manifest("tapes", "list.csv", "other") }, "source.bucket"],
    [
      "results in an inbox",
      { source: prefix(BUCKET, "inbox/ann/"), results: { place: "beside", formats: [] } },
      "results.place",
    ],
    [
      "results in a bucket that is gone",
      { source: prefix("gone", ""), results: { place: "beside", formats: [] } },
      "results.place",
    ],
  ])("refuses %s", async (_, changes, field) => {
    const archive = await openArchive({ "list.csv": "key\n" });
    const started = listingsOf(archive);
    const creating = createBatch(archive.services, ANN, batchRequest(changes), "k");
    await expect(creating).rejects.toThrow(InvalidRequestError);
    await expect(creating).rejects.toMatchObject({ details: { field } });
    expect((await listBatches(archive.services, ANN, { limit: 10 })).items).toEqual([]);
    expect(started).toEqual([]);
  });

  test.each<[string, BatchSource]>([
    ["a bucket of the owner's", prefix("tapes", "")],
    ["a folder in it", prefix("tapes", "1999/summer")],
    ["the owner's inbox", prefix(BUCKET, "inbox/ann/")],
    ["a manifest", manifest("tapes", "list.csv")],
    ["a manifest of the inbox's recordings", manifest("tapes", "list.csv", BUCKET)],
  ])("takes %s", async (_, source) => {
    const { services } = await openArchive({ "list.csv": "key\n" });
    const { record } = await createBatch(services, ANN, batchRequest({ source }), null);
    expect(record.source).toEqual(source);
  });
});

describe("results beside the recordings", () => {
  const BESIDE = { place: "beside" as const, formats: [] };

  test("are tried first, which leaves nothing behind", async () => {
    const archive = await openArchive({ "1999/a.mp3": "a" });
    const request = batchRequest({ source: prefix("tapes", "1999/a"), results: BESIDE });
    await createBatch(archive.services, ANN, request, null);
    const left = await readdir(archive.folder, { recursive: true });
    expect(left.filter((name) => !name.includes(".tmp"))).toEqual(["1999", "1999/a.mp3"]);
  });

  test("are refused where nothing can be written", async () => {
    const archive = await openArchive({ "a.mp3": "a file, which is no folder" });
    const request = batchRequest({ source: prefix("tapes", "a.mp3/"), results: BESIDE });
    const creating = createBatch(archive.services, ANN, request, null);
    await expect(creating).rejects.toThrow("cannot write to the bucket tapes, beside the recordings");
  });

  test("are no mistake of the request when the disk is full", async () => {
    const { services } = await openArchive();
    const full = new StorageFullError(new Error("ENOSPC"));
    services.blobs.put = () => Promise.reject(full);
    await expect(createBatch(services, ANN, batchRequest({ results: BESIDE }), null)).rejects.toBe(full);
  });

  test("are not tried where the rows of a manifest tell the bucket", async () => {
    const archive = await openArchive();
    await writeFiles(archive.folder, { "list.csv": "bucket,key\n" });
    const request = batchRequest({ source: manifest("tapes", "list.csv"), results: BESIDE });
    const { record } = await createBatch(archive.services, ANN, request, null);
    expect(record.state).toBe("listing");
  });
});
