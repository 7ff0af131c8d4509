import { FORMATS, type FormatName } from "../formats/index.ts";

/** Where things lie in the service's bucket. */

export function uploadKey(id: string, fileName: string | null): string {
  return `uploads/${id}/${safeFileName(fileName)}`;
}

export function inboxPrefix(owner: string): string {
  return `inbox/${owner}/`;
}

export function resultKey(id: string, format: FormatName = "json"): string {
  return `results/${id}.${FORMATS[format].extension}`;
}

export function batchResultsPrefix(batchId: string): string {
  return `batches/${batchId}/results/`;
}

/** What its listing has left out, an object for each page of it. */
export function batchLeftOutPrefix(batchId: string): string {
  return `batches/${batchId}/left-out/`;
}

export function batchSummaryKey(batchId: string): string {
  return `batches/${batchId}/summary.jsonl`;
}

const MOST_BYTES = 150;

/**
 * A user's file name as the last part of a key: no separators, no control characters, not `.` or `..`, not too long.
 * The extension stays, since some decoders look at it.
 */
export function safeFileName(name: string | null): string {
  const last = (name ?? "").split(/[/\\]/).at(-1) ?? "";
  const plain = last
    .normalize("NFC")
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}<>:"|?*%#\u2028\u2029]/gu, "_")
    .replaceAll(/^[.\s]+|[.\s]+$/gu, "");
  const cut = shorten(plain);
  return cut === "" ? "recording" : cut;
}

function shorten(name: string): string {
  const size = (text: string) => new TextEncoder().encode(text).length;
  if (size(name) <= MOST_BYTES) return name;
  const extension = /\.[\w]{1,8}$/u.exec(name)?.[0] ?? "";
  let stem = [...name.slice(0, name.length - extension.length)];
  while (size(stem.join("") + extension) > MOST_BYTES) stem = stem.slice(0, -1);
  return stem.join("") + extension;
}
