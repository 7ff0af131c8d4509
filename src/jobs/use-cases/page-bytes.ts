import type { Page } from "../ports/job-store.ts";

/** Of a page's records as JSON. What the API answers with must stay below 6 MB, and one record may have 250 KB of hotwords and metadata. */
export const PAGE_BYTES = 2_000_000;

/** A page of as many records as asked for, or of fewer where they are large: `next` goes on after the last one. */
export async function pageOfBytes<Item>(
  limit: number,
  read: (limit: number) => Promise<Page<Item>>,
): Promise<Page<Item>> {
  const page = await read(limit);
  let bytes = 0;
  for (const [index, item] of page.items.entries()) {
    bytes += sizeOf(item);
    if (bytes > PAGE_BYTES) return read(Math.max(1, index));
  }
  return page;
}

function sizeOf(item: unknown): number {
  return new TextEncoder().encode(JSON.stringify(item)).length;
}
