import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ManifestError } from "../../../local/listing/errors.ts";
import { readManifest } from "../../../local/listing/read-manifest.ts";
import type { ManifestFormat } from "../../../src/jobs/batch.ts";
import { BlobNotFoundError } from "../../../src/jobs/errors.ts";
import { ANN, openArchive, writeFiles } from "../../support/archive.ts";

type Content = string | Uint8Array;

async function read(format: ManifestFormat, content: Content, after: string | null = null, more = {}) {
  const archive = await openArchive({ list: content, ...more });
  const source = {
    kind: "manifest" as const,
    manifest: { bucket: "tapes", key: "list" },
    format,
    bucket: null,
  };
  const found = await Array.fromAsync(readManifest(archive.services, ANN.owner, source, after));
  return { rows: found.map(({ row }) => row), cursors: found.map(({ cursor }) => cursor), archive, source };
}

const rowsOf = async (format: ManifestFormat, content: Content) => (await read(format, content)).rows;
const row = (bucket: string | null, key: string) => ({ bucket, key });

describe("a manifest in CSV", () => {
  test.each([
    ["a header", "bucket,key\nb,a.mp3\n", [row("b", "a.mp3")]],
    ["a header in another order, with more columns", "Key,note,Bucket\na.mp3,x,b\n", [row("b", "a.mp3")]],
    ["a header with the key alone", "key\na.mp3\n", [row(null, "a.mp3")]],
    ["no header", "b,a.mp3\nc,d.mp3", [row("b", "a.mp3"), row("c", "d.mp3")]],
    ["no header, and keys alone", "a.mp3\r\nx/b.mp3\r\n", [row(null, "a.mp3"), row(null, "x/b.mp3")]],
    ["versions behind the keys", '"b","a.mp3","v1"\n', [row("b", "a.mp3")]],
    ["a byte order mark", "\uFEFFbucket,key\nb,ä.mp3\n", [row("b", "ä.mp3")]],
    ["quotes", 'bucket,key\nb,"a, ""b""\nc.mp3"\n', [row("b", 'a, "b"\nc.mp3')]],
    ["keys as they are", "key\na+b%20 .mp3\n", [row(null, "a+b%20 .mp3")]],
    ["empty lines", "key\n\na.mp3\n\n\n", [row(null, "a.mp3")]],
    ["rows without a key", "bucket,key\nb,\n", [row("b", "")]],
    ["rows without a bucket", "bucket,key\n,a.mp3\n", [row(null, "a.mp3")]],
    ["semicolons", 'Bucket;Key;Note\r\nb;"a;b, c.mp3";x\r\n', [row("b", "a;b, c.mp3")]],
    ["semicolons and no header", "my-bucket;a, b.mp3\n", [row("my-bucket", "a, b.mp3")]],
    ["semicolons in its keys", "key\na;b.mp3\n", [row(null, "a;b.mp3")]],
    ["a header alone", "bucket,key\n", []],
    ["nothing", "", []],
  ])("may have %s", async (_, content, expected) => {
    expect(await rowsOf("csv", content)).toEqual(expected);
  });

  test.each([
    ["a row too long", "bucket,key\nb,a.mp3\nb,c,d.mp3\n", /line 3/],
    ["a row too short", "b,a.mp3\nb.mp3\n", /line 2/],
    ["a quote within a field", 'key\na"b.mp3\n', /line 2/],
    ["a quote without an end", 'key\nb.mp3\n"a.mp3\n', /Quote Not Closed.*line 3/],
    ["a quote without an end in a large file", `key\n"a.mp3\n${"x".repeat(200_000)}`, /exceeds|Record Size/],
    ["bytes that are no UTF-8", Buffer.from("key\na.mp3\n\xe4.mp3\n", "latin1"), /line .* not UTF-8/],
    ["UTF-16", Buffer.from("\uFEFFkey\na.mp3\n", "utf16le"), /not UTF-8/],
  ])("is refused with %s", async (_, content, expected) => {
    const reading = rowsOf("csv", content);
    await expect(reading).rejects.toThrow(ManifestError);
    await expect(reading).rejects.toThrow(expected);
  });
});

describe("a manifest in JSONL", () => {
  test("has a row on each line, whatever it is", async () => {
    const lines =
      '\uFEFF{"bucket":"b","key":"ä.mp3"}\r\n\n"x.mp3"\n{"source":"b/c.mp3"}\n  \n7\n{"key":"d\\n"}';
    expect(await rowsOf("jsonl", lines)).toEqual([
      { bucket: "b", key: "ä.mp3" },
      "x.mp3",
      { source: "b/c.mp3" },
      7,
      { key: "d\n" },
    ]);
  });

  test.each([
    ["a line that is no JSON", '"a"\n\n{"key":\n', "line 3 is not JSON"],
    ["a last line that was cut off", '"a"\n"b', "line 2 is not JSON"],
    ["an endless line", `"a"\n"${"x".repeat(300_000)}"`, "line 2 is longer than"],
  ])("is refused with %s", async (_, content, expected) => {
    await expect(rowsOf("jsonl", content)).rejects.toThrow(expected);
  });
});

describe("an S3 Inventory", () => {
  const SCHEMA = "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, ETag";
  const manifest = (changes: object = {}) =>
    JSON.stringify({
      sourceBucket: "b",
      destinationBucket: "arn:aws:s3:::elsewhere",
      fileFormat: "CSV",
      fileSchema: SCHEMA,
      files: [
        { key: "data/1.csv.gz", size: 1, MD5checksum: "x" },
        { key: "data/2.csv.gz", size: 1, MD5checksum: "x" },
      ],
      ...changes,
    });
  const line = (key: string) => `"b","${key}","v","true","false","7","e"\n`;
  const data = {
    "data/1.csv.gz": gzipSync(line("a+b.mp3") + line("c%C3%A4.mp3")),
    "data/2.csv.gz": gzipSync(line("d.mp3")),
  };

  test("has the rows of its data files, by the names of its schema", async () => {
    const { rows } = await read("s3_inventory", manifest(), null, data);
    expect(rows).toHaveLength(3);
    expect(rows[0]).toEqual({
      Bucket: "b",
      Key: "a+b.mp3",
      VersionId: "v",
      IsLatest: "true",
      IsDeleteMarker: "false",
      Size: "7",
      ETag: "e",
    });
    expect(rows.map((found) => (found as { Key: string }).Key)).toEqual(["a+b.mp3", "c%C3%A4.mp3", "d.mp3"]);
  });

  test.each([
    ["no JSON", "bucket,key", {}, "not the manifest.json"],
    ["another file format", manifest({ fileFormat: "Parquet" }), data, "not the manifest.json"],
    ["no keys in its schema", manifest({ fileSchema: "Bucket, Size" }), data, "not the manifest.json"],
    ["a data file that is not there", manifest(), {}, "data file data/1.csv.gz: There is no object"],
    [
      "a data file that is no gzip",
      manifest(),
      { ...data, "data/2.csv.gz": "x" },
      "data/2.csv.gz: it is not whole gzip",
    ],
    [
      "a data file that is cut off",
      manifest(),
      { "data/1.csv.gz": data["data/1.csv.gz"].subarray(0, 20) },
      "not whole gzip",
    ],
    [
      "rows that do not fit its schema",
      manifest(),
      { "data/1.csv.gz": gzipSync(`${line("a")}"b"\n`) },
      "data/1.csv.gz: line 2",
    ],
  ])("is refused with %s", async (_, content, more, expected) => {
    const reading = read("s3_inventory", content, null, more);
    await expect(reading).rejects.toThrow(ManifestError);
    await expect(reading).rejects.toThrow(expected);
  });

  test("may not name data files that its owner may not read", async () => {
    const archive = await openArchive();
    const key = "results/tr_1.csv.gz";
    await writeFiles(archive.bucketFolder, {
      "inbox/ann/list": manifest({ files: [{ key }] }),
      [key]: gzipSync(line("secret.mp3")),
    });
    const source = {
      kind: "manifest" as const,
      manifest: { bucket: "scriptorium", key: "inbox/ann/list" },
      format: "s3_inventory" as const,
      bucket: null,
    };
    const rows = readManifest(archive.services, ANN.owner, source, null);
    await expect(Array.fromAsync(rows)).rejects.toThrow("is not a source that this key may read");
  });
});

describe("reading a manifest", () => {
  const LINES = '"a.mp3"\n"b.mp3"\n"c.mp3"\n';

  test("goes on after any row", async () => {
    const { cursors, archive, source } = await read("jsonl", LINES);
    const from = (after: string) => Array.fromAsync(readManifest(archive.services, ANN.owner, source, after));
    expect((await from(cursors[0])).map(({ row }) => row)).toEqual(["b.mp3", "c.mp3"]);
    expect((await from(cursors[1])).map(({ cursor }) => cursor)).toEqual([cursors[2]]);
    expect(await from(cursors[2])).toEqual([]);
  });

  test("does not go on in a list that was changed", async () => {
    const { cursors, archive, source } = await read("jsonl", LINES);
    await writeFiles(archive.folder, { list: `"new.mp3"\n${LINES}` });
    const rows = readManifest(archive.services, ANN.owner, source, cursors[0]);
    await expect(Array.fromAsync(rows)).rejects.toThrow("it was changed while it was being read");
  });

  test("tells of a list that is gone", async () => {
    const { services } = await openArchive();
    const manifest = { bucket: "tapes", key: "list" };
    const source = { kind: "manifest" as const, manifest, format: "csv" as const, bucket: null };
    const rows = readManifest(services, ANN.owner, source, null);
    await expect(Array.fromAsync(rows)).rejects.toThrow(BlobNotFoundError);
  });
});
