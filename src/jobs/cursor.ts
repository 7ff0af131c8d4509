import { InvalidCursorError } from "./errors.ts";

/** Which list a cursor belongs to. */
export type List = "transcriptions" | "batches" | "skips";

/** The sort key of the last item of a page, in ASCII; opaque to callers. */
export function makeCursor(list: List, sortKey: readonly string[]): string {
  const text = btoa(JSON.stringify([list, ...sortKey]));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Throws InvalidCursorError where it is no cursor of this list, with so many parts, written by `makeCursor`. */
export function parseCursor(list: List, cursor: string, parts: number): string[] {
  const [of, ...sortKey] = decode(cursor);
  if (of !== list || sortKey.length !== parts || makeCursor(list, sortKey) !== cursor)
    throw new InvalidCursorError();
  return sortKey;
}

function decode(cursor: string): string[] {
  try {
    const value: unknown = JSON.parse(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")));
    const isKey =
      Array.isArray(value) && value.every((part) => typeof part === "string" && IS_ASCII.test(part));
    return isKey ? value : [];
  } catch {
    return [];
  }
}

const IS_ASCII = /^\p{ASCII}*$/u;
