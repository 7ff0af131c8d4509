import { ScriptoriumError, type Transcription } from "./errors.ts";
import { type Patience, withRetries } from "./retry.ts";
import type { components } from "./schema.d.ts";

export type UploadInParts = components["schemas"]["UploadInParts"];
type Upload = NonNullable<Transcription["upload"]>;

/** From here on a recording is sent in parts, so that a cut costs one of them and not all. */
export const PARTS_FROM_BYTES = 100_000_000;

/** Times that the service is asked what is left: URLs get old. */
const MOST_ROUNDS = 10;

export interface UploadCalls {
  /** What is left of an upload in parts. */
  left(): Promise<UploadInParts>;
  complete(): Promise<unknown>;
}

/**
 * Put a recording where the answer to its creation says. `onSent` hears of the bytes that are there. Throws
 * ScriptoriumError, TypeError where no connection held, the signal's reason.
 */
export async function upload(
  file: Blob,
  to: Upload,
  { left, complete }: UploadCalls,
  patience: Patience,
  onSent: (bytes: number) => void,
): Promise<void> {
  if (!("parts" in to)) {
    await put(to.url, file, to.headers, patience);
    return onSent(file.size);
  }
  for (let round = 1; ; round++) {
    try {
      await putParts(file, round === 1 ? to : await left(), patience, onSent);
      await complete();
      return;
    } catch (error) {
      const isStale =
        error instanceof ScriptoriumError && (error.status === 403 || error.code === "parts_missing");
      if (!isStale || round === MOST_ROUNDS) throw error;
    }
  }
}

async function putParts(
  file: Blob,
  { size, parts }: UploadInParts,
  patience: Patience,
  onSent: (bytes: number) => void,
): Promise<void> {
  let there = size - parts.reduce((sum, part) => sum + part.size, 0);
  onSent(there);
  for (const { url, offset, size: bytes } of parts) {
    await put(url, file.slice(offset, offset + bytes), {}, patience);
    there += bytes;
    onSent(there);
  }
}

async function put(url: string, body: Blob, headers: Record<string, string>, patience: Patience) {
  await withRetries(async () => {
    const response = await fetch(url, { method: "PUT", body, headers, signal: patience.signal });
    // 412: it is there already, and the answer to an earlier try was lost.
    if (!response.ok && response.status !== 412)
      throw new ScriptoriumError(response, await response.json().catch(() => null));
  }, patience);
}
