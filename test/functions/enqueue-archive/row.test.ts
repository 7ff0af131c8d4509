import { describe, expect, test } from "vitest";
import { toBatchItem } from "../../../functions/enqueue-archive/row.ts";

const item = (
  bucket: string | null,
  key: string,
  etag: string | null = null,
  size: number | null = null,
) => ({
  bucket,
  key,
  etag,
  size,
});

/** Nothing to look for, but the row is named. */
const without = (row: string) => ({ ...item(null, ""), row });

describe("a row of a list", () => {
  test.each([
    [
      "an object as Step Functions lists it",
      { Key: "a+b%20.mp3", Size: 7, Etag: '"e1"', StorageClass: "STANDARD", LastModified: 1 },
      item(null, "a+b%20.mp3", "e1", 7),
    ],
    ["an object as S3 lists it", { Key: "a.mp3", Size: 0, ETag: "e1" }, item(null, "a.mp3", "e1", 0)],
    [
      "an inventory's row",
      { Bucket: "b", Key: "a+b%2B%C3%A4/c.mp3", Size: "12", ETag: "e1" },
      item("b", "a b+ä/c.mp3", "e1", 12),
    ],
    [
      "an inventory's row without facts",
      { Bucket: "b", Key: "a.mp3", Size: "", ETag: "" },
      item("b", "a.mp3"),
    ],
    ["an inventory's key with a broken escape", { Bucket: "b", Key: "100%.mp3" }, item("b", "100%.mp3")],
    [
      "an inventory's newest version",
      { Bucket: "b", Key: "a.mp3", IsLatest: "true", IsDeleteMarker: "false" },
      item("b", "a.mp3"),
    ],
    ["an inventory's old version", { Bucket: "b", Key: "a.mp3", IsLatest: "false" }, null],
    [
      "an inventory's delete marker",
      { Bucket: "b", Key: "a.mp3", IsLatest: "true", IsDeleteMarker: "true" },
      null,
    ],
    ["a row that somebody wrote", { bucket: "b", key: "a+b%20.mp3", note: "x" }, item("b", "a+b%20.mp3")],
    ["a row without a bucket", { key: "a.mp3" }, item(null, "a.mp3")],
    ["a row with an empty bucket", { bucket: "", key: "a.mp3" }, item(null, "a.mp3")],
    ["a row with a null bucket", { bucket: null, key: "a.mp3" }, item(null, "a.mp3")],
    ["a key alone", "x/a.mp3", item(null, "x/a.mp3")],
    ["a line of a summary", { source: "b/x/a.mp3", id: "tr_1", status: "failed" }, item("b", "x/a.mp3")],
    ["an address alone", "s3://b/x/a b.mp3", item("b", "x/a b.mp3")],
    ["an address for a key", { bucket: "other", key: "s3://b/a.mp3" }, item("b", "a.mp3")],
    ["an address for a source", { source: "s3://b/x/a.mp3" }, item("b", "x/a.mp3")],
    ["columns between semicolons", { "bucket;key": 'b;"a b.mp3"' }, item("b", "a b.mp3")],
    ["a key between semicolons", { "Note; Key": "x; a.mp3" }, item(null, "a.mp3")],
    ["a row without a key", { bucket: "b" }, without('{"bucket":"b"}')],
    ["a source without a key", { source: "b/" }, without('{"source":"b/"}')],
    ["a key that is a number", { key: 7 }, without('{"key":7}')],
    ["a number", 7, without("7")],
    ["a list", ["b", "a.mp3"], without('["b","a.mp3"]')],
    ["a long row", { note: "x".repeat(500) }, without(`{"note":"${"x".repeat(111)}…`)],
    ["null", null, without("null")],
  ])("%s", (_, row, expected) => {
    expect(toBatchItem(row)).toEqual(expected);
  });
});
