import type { Page } from "../ports/job-store.ts";

/** Of a page's records as JSON: one may have 250 KB of hotwords and metadata, and whoever reads them does nothing else. */
export const PAGE_BYTES = 2_000_000;

/** Records read before it is seen whether more fit. */
const AT_ONCE = 20;

type Read<Item> = (limit: number, after: string | undefined) => Promise<Page<Item>>;

/** A page of as many records as asked for, or of fewer where they are large: `next` goes on after the last one. */
export async function pageOfBytes<Item>(
  { limit, after }: { limit: number; after?: string | undefined },
  read: Read<Item>,
): Promise<Page<Item>> {
  const items: Item[] = [];
  let bytes = 0;
  for (let from = after; ; ) {
    const page = await read(Math.min(AT_ONCE, limit - items.length), from);
    const fitting = page.items.findIndex((item) => {
      bytes += sizeOf(item);
      return bytes > PAGE_BYTES;
    });
    // One is always answered, however large it is.
    const taken = fitting === -1 ? page.items.length : Math.max(fitting, items.length === 0 ? 1 : 0);
    items.push(...page.items.slice(0, taken));
    if (taken < page.items.length)
      return { items, next: taken === 0 ? (from ?? null) : (await read(taken, from)).next };
    if (page.next === null || items.length >= limit || bytes > PAGE_BYTES) return { items, next: page.next };
    from = page.next;
  }
}

function sizeOf(item: unknown): number {
  return new TextEncoder().encode(JSON.stringify(item)).length;
}
