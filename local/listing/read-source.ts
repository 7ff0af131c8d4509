import type { Batch } from "../../src/jobs/batch.ts";
import type { Services } from "../../src/jobs/services.ts";
import { type ManifestRow, readManifest } from "./read-manifest.ts";

/** Some items of a batch's source, and where to go on after them. */
export interface SourcePage {
  items: unknown[];
  cursor: string;
}

/** What is left of a batch's source, in pages as Step Functions would hand them over. Throws as readManifest. */
export async function* readSource(
  services: Services,
  { owner, source, listing }: Batch,
  pageSize: number,
): AsyncGenerator<SourcePage> {
  const rows =
    source.kind === "prefix"
      ? listObjects(services, source, listing.cursor)
      : readManifest(services, owner, source, listing.cursor);
  let items: unknown[] = [];
  let cursor = "";
  for await (const next of rows) {
    items.push(next.row);
    cursor = next.cursor;
    if (items.length < pageSize) continue;
    yield { items, cursor };
    items = [];
  }
  if (items.length > 0) yield { items, cursor };
}

async function* listObjects(
  { blobs }: Services,
  { bucket, prefix }: { bucket: string; prefix: string },
  after: string | null,
): AsyncGenerator<ManifestRow> {
  const passed: unknown[] = [];
  let last = after ?? "";
  const found = blobs.list(bucket, prefix, after ?? undefined, (name, reason) => {
    passed.push({ Key: name, LeftOut: reason });
  });
  for await (const { key, size, etag } of found) {
    // Of the cursor before: what was passed by lies between the two, and goes with the object behind it.
    for (const row of passed.splice(0)) yield { row, cursor: last };
    last = key;
    yield { row: { Key: key, Size: size, ETag: etag }, cursor: key };
  }
  for (const row of passed.splice(0)) yield { row, cursor: last };
}
