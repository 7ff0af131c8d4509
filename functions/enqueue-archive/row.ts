import { z } from "zod";
import type { BatchItem } from "../../src/jobs/batches/item.ts";

const ETAG = z.string().nullish();

/** An object of a bucket's listing. Step Functions writes `Etag`, S3 itself `ETag`; both put it in quotes. */
const LISTED = z.object({
  Bucket: z.never().optional(),
  Key: z.string(),
  Size: z.number().nullish(),
  Etag: ETAG,
  ETag: ETAG,
});

/** A row of an S3 Inventory: every value is text, and the key is URL-encoded. */
const INVENTORIED = z.object({
  Bucket: z.string(),
  Key: z.string(),
  Size: z.string().nullish(),
  ETag: ETAG,
  IsLatest: z.string().nullish(),
  IsDeleteMarker: z.string().nullish(),
});

/** A row of a list that somebody wrote. Its key stands as it is. */
const WRITTEN = z.object({ bucket: z.string().nullish(), key: z.string() });

/** A line of a batch's summary. */
const SUMMARISED = z.object({ source: z.string().regex(/^[^/]+\/./s) });

const ROW = z.union([
  LISTED.transform(({ Key, Size, Etag, ETag }) => toItem(null, Key, Etag ?? ETag, Size)),
  INVENTORIED.transform((row) => {
    if (row.IsLatest === "false" || row.IsDeleteMarker === "true") return null;
    return toItem(row.Bucket, decodeKey(row.Key), row.ETag, parseSize(row.Size));
  }),
  WRITTEN.transform(({ bucket, key }) => toItem(bucket || null, key)),
  SUMMARISED.transform(({ source }) => {
    const slash = source.indexOf("/");
    return toItem(source.slice(0, slash), source.slice(slash + 1));
  }),
  z.string().transform((key) => toItem(null, key)),
]);

/** A row of any kind of list. Null for old versions of an object; without a key where it makes no sense. */
export function toBatchItem(row: unknown): BatchItem | null {
  const parsed = ROW.safeParse(withoutMark(row));
  return parsed.success ? parsed.data : toItem(null, "");
}

/** Spreadsheets begin a CSV with a byte order mark, which then is the beginning of its first column's name. */
function withoutMark(row: unknown): unknown {
  if (typeof row !== "object" || row === null || Array.isArray(row)) return row;
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name.replace(/^\uFEFF/, ""), value]));
}

function toItem(bucket: string | null, key: string, etag?: string | null, size?: number | null): BatchItem {
  return { bucket, key, etag: etag?.replace(/^"(.*)"$/, "$1") || null, size: size ?? null };
}

function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch {
    return key;
  }
}

function parseSize(size: string | null | undefined): number | null {
  return size && /^\d+$/.test(size) ? Number(size) : null;
}
