import { type List, makeCursor } from "../../jobs/cursor.ts";
import type { Page } from "../../jobs/ports/index.ts";

/** The first `limit` of the items found, of which there is one more where a page follows. */
export function makePage<Item>(
  list: List,
  found: Item[],
  limit: number,
  sortKey: (item: Item) => string[],
): Page<Item> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: last && found.length > limit ? makeCursor(list, sortKey(last)) : null };
}
