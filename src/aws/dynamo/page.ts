import { type List, makeCursor, parseCursor } from "../../jobs/cursor.ts";
import type { Page } from "../../jobs/ports/index.ts";

/** The sort key that a page begins after; null for the first one. Throws InvalidCursorError. */
export function parseAfter(list: List, after: string | undefined): string | null {
  return after === undefined ? null : parseCursor(list, after, 1)[0];
}

/** The first `limit` of the items, of which one more is looked at to see whether a page follows. */
export async function takePage<Item>(
  list: List,
  found: AsyncIterable<Item>,
  limit: number,
  sortKey: (item: Item) => string,
): Promise<Page<Item>> {
  const items: Item[] = [];
  for await (const item of found) {
    if (items.length === limit) return { items, next: makeCursor(list, [sortKey(items[limit - 1])]) };
    items.push(item);
  }
  return { items, next: null };
}
