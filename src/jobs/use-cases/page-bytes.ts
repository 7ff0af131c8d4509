import type { Page } from "../ports/job-store.ts";

/** Of the records that are read for a page, as JSON: one may have 250 KB of hotwords and metadata, and whoever reads them does nothing else. */
export const PAGE_BYTES = 2_000_000;

/** Records read before it is seen whether more fit. */
const AT_ONCE = 20;

type Read<Item> = (limit: number, after: string | undefined) => Promise<Page<Item>>;

export interface PageOptions<Item> {
  limit: number;
  after?: string | undefined;
  /** Those that are not are read, but not answered: there may be none on a page that others follow. */
  wanted?: ((item: Item) => boolean) | undefined;
}

/** A page of as many records as asked for, or of fewer where they are large or few are wanted: `next` goes on after the last one that was looked at. */
export async function pageOfBytes<Item>(
  { limit, after, wanted }: PageOptions<Item>,
  read: Read<Item>,
): Promise<Page<Item>> {
  const items: Item[] = [];
  let bytes = 0;
  for (let from = after; ; ) {
    const page = await read(wanted ? AT_ONCE : Math.min(AT_ONCE, limit - items.length), from);
    for (const [index, item] of page.items.entries()) {
      // One is always looked at, however large it is.
      const isFull = items.length === limit || (bytes > 0 && bytes + sizeOf(item) > PAGE_BYTES);
      if (isFull) return { items, next: index === 0 ? (from ?? null) : (await read(index, from)).next };
      bytes += sizeOf(item);
      if (!wanted || wanted(item)) items.push(item);
    }
    if (page.next === null || items.length === limit || bytes > PAGE_BYTES) return { items, next: page.next };
    from = page.next;
  }
}

function sizeOf(item: unknown): number {
  return new TextEncoder().encode(JSON.stringify(item)).length;
}
