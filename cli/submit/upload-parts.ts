import type { ApiClient } from "../client/api-client.ts";
import { ApiError } from "../client/problem.ts";
import { TRIES, withRetries } from "../client/retry.ts";
import type { ApiUploadInParts } from "../client/shapes.ts";
import { putPart } from "../client/upload.ts";

/** From here on a file is sent in parts, so that a cut costs one of them and not all. S3 advises the same. */
export const PARTS_FROM_BYTES = 100_000_000;

/** Times that the service is asked what is left: URLs get old, and parts may be found cut. */
const MOST_ROUNDS = 10;

/** Send the parts that are not there yet, then make the recording of them. Throws as `putFile`. */
export async function uploadParts(
  path: string,
  id: string,
  upload: ApiUploadInParts,
  { client, onProgress }: { client: ApiClient; onProgress: (sent: number, size: number) => void },
): Promise<void> {
  for (let round = 1; ; round++) {
    const { size, parts } = round === 1 ? upload : await client.continueUpload(id);
    try {
      await sendAll(path, size, parts, client, onProgress);
      await client.completeUpload(id);
      return;
    } catch (error) {
      // A URL that has got old, or whatever was thought to be there is not.
      const isStale = error instanceof ApiError && (error.status === 403 || error.code === "parts_missing");
      if (!isStale || round === MOST_ROUNDS) throw error;
    }
  }
}

async function sendAll(
  path: string,
  size: number,
  parts: ApiUploadInParts["parts"],
  { signal, wait }: ApiClient,
  onProgress: (sent: number, size: number) => void,
): Promise<void> {
  let there = size - parts.reduce((sum, part) => sum + part.size, 0);
  onProgress(there, size);
  for (const part of parts) {
    const report = (sent: number) => onProgress(there + sent, size);
    await withRetries(() => putPart(path, part, { signal, onProgress: report }), {
      signal,
      wait,
      tries: TRIES,
      repeatable: true,
    });
    there += part.size;
  }
}
