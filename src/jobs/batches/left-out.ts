import type { Batch } from "../batch.ts";
import { sha256Hex } from "../digest.ts";
import { batchLeftOutPrefix } from "../object-keys.ts";
import type { Services } from "../services.ts";
import { LEFT_OUT, type LeftOutCounts, type LeftOutReason } from "./left-out-reasons.ts";
import { isMacOsFork, isMediaKey } from "./media-key.ts";

/** What a list tells of an object, as far as it matters here. */
export interface ListedItem {
  /** Null: that of the batch's source. */
  bucket: string | null;
  key: string;
  leftOut?: LeftOutReason;
}

/** What a line of the summary says of it. */
export interface LeftOutLine {
  source: string;
  reason: LeftOutReason;
}

/** Why this item of a list of all that there is is no recording; null where it is one, and for folders. */
export function leftOutReason({ key, leftOut }: ListedItem): LeftOutReason | null {
  if (leftOut !== undefined) return leftOut;
  if (key.endsWith("/") || isMediaKey(key)) return null;
  return isMacOsFork(key) ? "apple_double" : "other_extension";
}

/**
 * Note what a page of a listing leaves out, by reason in the object's key and by name in it. The page is known by its
 * first name: a page that is read again replaces what was noted of it.
 */
export async function noteLeftOut(
  { blobs, bucket }: Pick<Services, "blobs" | "bucket">,
  batch: Batch,
  items: readonly { item: ListedItem; reason: LeftOutReason }[],
): Promise<void> {
  const [first] = items;
  if (first === undefined) return;
  const counts: LeftOutCounts = {};
  for (const { reason } of items) counts[reason] = (counts[reason] ?? 0) + 1;
  const page = (await sha256Hex(first.item.key)).slice(0, 32);
  const told = Object.entries(counts).map(([reason, count]) => `${reason}-${count}`);
  const key = `${batchLeftOutPrefix(batch.id)}${page}.${told.join(".")}.jsonl`;
  const lines = items.map(({ item, reason }): LeftOutLine => {
    return { source: `${item.bucket ?? batch.source.bucket ?? ""}/${item.key}`, reason };
  });
  await blobs.put({ bucket, key }, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

/** All that the pages of this batch have left out so far, by reason. */
export async function countLeftOut(
  services: Pick<Services, "blobs" | "bucket">,
  batchId: string,
): Promise<LeftOutCounts> {
  const counts: LeftOutCounts = {};
  for (const { told } of (await pagesOf(services, batchId)).values())
    for (const [reason, count] of told) counts[reason] = (counts[reason] ?? 0) + count;
  return counts;
}

/** Every name that was left out, page by page. */
export async function* readLeftOut(
  services: Pick<Services, "blobs" | "bucket">,
  batchId: string,
): AsyncGenerator<LeftOutLine[]> {
  for (const { key } of (await pagesOf(services, batchId)).values()) {
    const { body } = await services.blobs.get({ bucket: services.bucket, key });
    const text = new TextDecoder().decode(await whole(body));
    yield text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as LeftOutLine]));
  }
}

interface LeftOutPage {
  key: string;
  told: [LeftOutReason, number][];
}

/** By their names. Of a page that was cut elsewhere when it was read again, the longer one. */
async function pagesOf(
  { blobs, bucket }: Pick<Services, "blobs" | "bucket">,
  batchId: string,
): Promise<Map<string, LeftOutPage>> {
  const pages = new Map<string, LeftOutPage>();
  const prefix = batchLeftOutPrefix(batchId);
  const total = (page?: LeftOutPage) => page?.told.reduce((sum, [, count]) => sum + count, 0) ?? 0;
  for await (const { key } of blobs.list(bucket, prefix)) {
    const [name = "", ...told] = key.slice(prefix.length).split(".");
    const page = { key, told: told.flatMap(countOf) };
    if (total(page) > total(pages.get(name))) pages.set(name, page);
  }
  return pages;
}

function countOf(told: string): [LeftOutReason, number][] {
  const [reason = "", count] = told.split("-");
  return Object.hasOwn(LEFT_OUT, reason) ? [[reason as LeftOutReason, Number(count)]] : [];
}

async function whole(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    parts.push(part);
    length += part.length;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
