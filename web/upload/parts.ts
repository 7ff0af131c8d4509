import type { UploadInParts } from "../api/shapes.ts";

/** Above this a recording goes up in parts, so that a cut costs one of them. */
export const PARTS_FROM_BYTES = 100_000_000;

export interface PartCalls {
  /** Puts one part; tries again what may pass. */
  put(url: string, content: Blob, onProgress: (sentBytes: number) => void): Promise<unknown>;
  onProgress(sentBytes: number): void;
}

/** Send the parts that are not there yet, one after the other. Throws what `put` throws. */
export async function sendParts(
  { size, parts }: UploadInParts,
  file: Blob,
  { put, onProgress }: PartCalls,
): Promise<void> {
  let there = size - parts.reduce((sum, part) => sum + part.size, 0);
  onProgress(there);
  for (const part of parts) {
    const content = file.slice(part.offset, part.offset + part.size);
    await put(part.url, content, (sent) => onProgress(there + sent));
    there += part.size;
    onProgress(there);
  }
}

const KEY = "scriptorium.upload.";

/** Of a file: to know it again when it is chosen once more. */
export function fingerprint({
  name,
  size,
  lastModified,
}: Pick<File, "name" | "size" | "lastModified">): string {
  return `${KEY}${name}|${size}|${lastModified}`;
}
