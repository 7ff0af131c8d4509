import { InvalidCursorError } from "../../jobs/errors.ts";
import type { Page } from "../../jobs/ports/index.ts";

/** Which list a cursor belongs to. */
type List = "transcriptions" | "batches" | "skips";

/** Throws InvalidCursorError where it is no cursor of this list, written by `takePage`. */
export function parseCursor(list: List, cursor: string): string {
  const [of, sortKey] = decode(cursor);
  if (of !== list || sortKey === undefined || makeCursor(list, sortKey) !== cursor)
    throw new InvalidCursorError();
  return sortKey;
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
    if (items.length === limit) return { items, next: makeCursor(list, sortKey(items[limit - 1])) };
    items.push(item);
  }
  return { items, next: null };
}

/** Opaque to callers. */
function makeCursor(list: List, sortKey: string): string {
  return Buffer.from(JSON.stringify([list, sortKey])).toString("base64url");
}

function decode(cursor: string): (string | undefined)[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === "string")
      ? value
      : [];
  } catch {
    return [];
  }
}
