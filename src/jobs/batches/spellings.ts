import type { BatchItem } from "./item.ts";

/**
 * A key of a list that somebody wrote is taken as it stands; where there is no such object, without spaces around it
 * and then as an address would have it, with %20 or + for a space.
 */
export function spellings({ key, etag }: BatchItem): string[] {
  if (etag !== null || !/^\s|\s$|%[\da-f]{2}|\+/i.test(key)) return [key];
  const trimmed = key.trim();
  return [...new Set([key, trimmed, decoded(trimmed), decoded(trimmed.replaceAll("+", " "))])];
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
