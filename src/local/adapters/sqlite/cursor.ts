import { InvalidCursorError } from "../../../jobs/errors.ts";
import type { Page } from "../../../jobs/ports/index.ts";

/** Which list a cursor belongs to. */
type List = "transcriptions" | "batches" | "skips";

/** The sort key of the last item of a page, opaque to callers. */
export function makeCursor(list: List, sortKey: readonly string[]): string {
  return Buffer.from(JSON.stringify([list, ...sortKey])).toString("base64url");
}

/** Throws InvalidCursorError where it is no cursor of this list, written by `makeCursor`. */
export function parseCursor(list: List, cursor: string, parts: number): string[] {
  const [of, ...sortKey] = decode(cursor);
  const valid = of === list && sortKey.length === parts && makeCursor(list, sortKey) === cursor;
  if (!valid) throw new InvalidCursorError();
  return sortKey;
}

function decode(cursor: string): string[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    return Array.isArray(value) && value.every((part) => typeof part === "string") ? value : [];
  } catch {
    return [];
  }
}

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
