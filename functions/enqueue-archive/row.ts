import { z } from "zod";
import type { BatchItem } from "../../src/jobs/batches/item.ts";
import { LEFT_OUT, type LeftOutReason } from "../../src/jobs/batches/left-out-reasons.ts";

/** How other tools of S3 write an object in one. */
const ADDRESS = /^\s*s3:\/\/([^/]+)\/(.+)$/s;

const ETAG = z.string().nullish();

/** An object of a bucket's listing. Step Functions writes `Etag`, S3 itself `ETag`; both put it in quotes. */
const LISTED = z.object({
  Bucket: z.never().optional(),
  Key: z.string(),
  Size: z.number().nullish(),
  Etag: ETAG,
  ETag: ETAG,
  /** Of a folder of this machine: why it is no recording. */
  LeftOut: z.enum(Object.keys(LEFT_OUT) as [LeftOutReason, ...LeftOutReason[]]).optional(),
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

/** A row of a list that somebody wrote. Its key stands as it is, or is the whole address s3://bucket/key. */
const WRITTEN = z.object({ bucket: z.string().nullish(), key: z.string() });

const ADDRESSED = z.object({ source: z.string().regex(ADDRESS) });

/** A line of a batch's summary. */
const SUMMARISED = z.object({ source: z.string().regex(/^[^/]+\/./s), status: z.unknown().optional() });

const ROW = z.union([
  LISTED.transform(({ Key, Size, Etag, ETag, LeftOut }) => {
    const item = toItem(null, Key, Etag ?? ETag, Size);
    return LeftOut === undefined ? item : { ...item, leftOut: LeftOut };
  }),
  INVENTORIED.transform((row) => {
    if (row.IsLatest === "false" || row.IsDeleteMarker === "true") return null;
    return toItem(row.Bucket, decodeKey(row.Key), row.ETag, parseSize(row.Size));
  }),
  WRITTEN.transform(({ bucket, key }) => written(bucket || null, key)),
  ADDRESSED.transform(({ source }) => written(null, source)),
  SUMMARISED.transform(({ source, status }) => {
    if (status === "left_out") return null;
    const slash = source.indexOf("/");
    return toItem(source.slice(0, slash), source.slice(slash + 1));
  }),
  z.string().transform((key) => written(null, key)),
]);

const MOST_ROW_CHARACTERS = 120;

/** A row of any kind of list. Null for old versions of an object; without a key where it makes no sense. */
export function toBatchItem(row: unknown): BatchItem | null {
  const parsed = ROW.safeParse(withoutMark(withoutSemicolons(row)));
  const item = parsed.success ? parsed.data : toItem(null, "");
  return item?.key === "" ? { ...item, row: shortened(row) } : item;
}

/** As spreadsheets write CSV where the comma is for decimals: read by commas, its columns are one. */
function withoutSemicolons(row: unknown): unknown {
  if (typeof row !== "object" || row === null || Array.isArray(row)) return row;
  const [[name, value] = ["", ""], ...others] = Object.entries(row);
  if (others.length > 0 || !name.includes(";") || typeof value !== "string") return row;
  const unquoted = (text: string) => text.trim().replace(/^"(.*)"$/s, "$1");
  const values = value.split(";").map(unquoted);
  return Object.fromEntries(
    name.split(";").map((column, i) => [
      unquoted(column)
        .replace(/^\uFEFF/, "")
        .toLowerCase(),
      values[i] ?? "",
    ]),
  );
}

function written(bucket: string | null, key: string): BatchItem {
  const [, named, path] = ADDRESS.exec(key) ?? [];
  return named === undefined ? toItem(bucket, key) : toItem(named, path ?? "");
}

function shortened(row: unknown): string {
  const text = JSON.stringify(row) ?? "";
  return text.length > MOST_ROW_CHARACTERS ? `${text.slice(0, MOST_ROW_CHARACTERS)}…` : text;
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
