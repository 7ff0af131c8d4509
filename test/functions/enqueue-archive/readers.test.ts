import { expect, test } from "vitest";
import { makeEnqueueArchiveHandler } from "../../../functions/enqueue-archive/handler.ts";
import type { BatchSource, ManifestFormat } from "../../../src/jobs/batch.ts";
import { createBatch } from "../../../src/jobs/batches/create-batch.ts";
import { ANN, batchRequest, itemsOf, openArchive } from "../../support/archive.ts";

/**
 * What a Distributed Map hands over, by the reader of its list: {BatchInput, Items}, an item of which is what AWS's guide
 * shows for each (https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html, input-output-itembatcher.html).
 */

const prefix: BatchSource = { kind: "prefix", bucket: "tapes", prefix: "1987/" };
const manifest = (format: ManifestFormat, bucket: string | null): BatchSource => ({
  kind: "manifest",
  manifest: { bucket: "tapes", key: "list" },
  format,
  bucket,
});

/** Files of the bucket `tapes`, which are asked for where the list does not tell of them. */
const FILES = { list: "", "1987/a+b %41.wav": "a", "1987/ä.wav": "ä", "1987/old.wav": "o" };

/** The keys of what is queued, and what is wrong with the others. */
async function enqueue(source: BatchSource, Items: unknown[]): Promise<Record<string, string>> {
  const { services } = await openArchive(FILES);
  const { record } = await createBatch(services, ANN, batchRequest({ source }), null);
  const event = { BatchInput: { batch_id: record.id }, Items };
  // As it comes: over JSON.
  await makeEnqueueArchiveHandler(services)(JSON.parse(JSON.stringify(event)));
  const items = await itemsOf(services, record.id);
  return Object.fromEntries(
    items.map(({ source: at, error, state }) => [`${at.bucket}/${at.key}`, error?.code ?? state]),
  );
}

test("objects of a prefix come as S3 lists them: with folders, and keys as they are", async () => {
  const object = (Key: string, Size: number) => ({
    Etag: '"05704fbdccb224cb01c59005bebbad28"',
    Key,
    LastModified: 1668699881,
    Size,
    StorageClass: "STANDARD",
  });
  const items = [object("1987/", 0), object("1987/a+b %41.wav", 7), object("1987/notes.txt", 7)];
  expect(await enqueue(prefix, items)).toEqual({ "tapes/1987/a+b %41.wav": "queued" });
});

test("rows of a CSV come as objects of text, by the names in its first line", async () => {
  const rows = [
    { bucket: "tapes", key: "1987/a+b %41.wav", year: "1987" },
    { bucket: "", key: "1987/ä.wav", year: "" },
    { bucket: "tapes", key: "1987/gone.wav", year: "1987" },
    { bucket: "secrets", key: "1987/ä.wav", year: "1987" },
  ];
  const expected = {
    "secrets/1987/ä.wav": "invalid_request",
    "tapes/1987/a+b %41.wav": "queued",
    "tapes/1987/gone.wav": "not_found",
    "tapes/1987/ä.wav": "queued",
  };
  expect(await enqueue(manifest("csv", "tapes"), rows)).toEqual(expected);
});

test("a CSV that a spreadsheet wrote begins with a byte order mark", async () => {
  const rows = [{ "\uFEFFkey": "1987/ä.wav", speaker: "Ann" }];
  expect(await enqueue(manifest("csv", "tapes"), rows)).toEqual({ "tapes/1987/ä.wav": "queued" });
});

test("lines of a JSONL come as whatever they are", async () => {
  const lines = [
    "1987/ä.wav",
    { key: "1987/a+b %41.wav" },
    // A line of another batch's summary: what failed then is tried again.
    {
      source: "tapes/1987/old.wav",
      id: "tr_1",
      status: "failed",
      duration: null,
      error: { code: "archived" },
    },
    { path: "1987/x.wav" },
  ];
  expect(await enqueue(manifest("jsonl", "tapes"), lines)).toEqual({
    "tapes/": "invalid_request",
    "tapes/1987/a+b %41.wav": "queued",
    "tapes/1987/old.wav": "queued",
    "tapes/1987/ä.wav": "queued",
  });
});

test("rows of an S3 Inventory come as objects of text, with URL-encoded keys and every version there is", async () => {
  const row = (Key: string, changes: Record<string, string> = {}) => ({
    Bucket: "tapes",
    Key,
    VersionId: "3sL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY",
    IsLatest: "true",
    IsDeleteMarker: "false",
    Size: "7",
    LastModifiedDate: "2022-11-16T00:29:06.000Z",
    ETag: "05704fbdccb224cb01c59005bebbad28",
    StorageClass: "STANDARD",
    ...changes,
  });
  const rows = [
    row("1987/a%2Bb+%2541.wav"),
    row("1987/%C3%A4.wav"),
    row("1987/%C3%A4.wav", { IsLatest: "false", VersionId: "older" }),
    row("1987/deleted.wav", { IsDeleteMarker: "true", Size: "", ETag: "" }),
    row("1987/index.html"),
  ];
  // Of one version each: without the columns that tell.
  const { VersionId: _, IsLatest: __, IsDeleteMarker: ___, ...plain } = row("1987/old.wav");
  expect(await enqueue(manifest("s3_inventory", null), [...rows, plain])).toEqual({
    "tapes/1987/a+b %41.wav": "queued",
    "tapes/1987/old.wav": "queued",
    "tapes/1987/ä.wav": "queued",
  });
});
