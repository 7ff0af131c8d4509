import type { Batch } from "../batch.ts";
import { InvalidRequestError } from "../errors.ts";
import type { BlobRef } from "../ports/blob-store.ts";
import type { Services } from "../services.ts";
import { checkSource } from "../use-cases/source-policy.ts";
import { BESIDE_IN_INBOX } from "./check-source.ts";

/** Bytes of a key, as S3 has it. */
const MOST_KEY_BYTES = 1024;

/** Why this object of a batch cannot be transcribed, as far as its name and size tell; null where it can. */
export async function refusalOf(
  services: Services,
  batch: Batch,
  source: BlobRef,
  size: number | null,
): Promise<{ code: string; message: string } | null> {
  const { limits, bucket } = services;
  if (source.key === "") return invalid("A row of the manifest names no key.");
  if (source.bucket === "")
    return invalid("A row of the manifest names no bucket, and the batch has none for such rows.");
  if (!source.key.isWellFormed() || new TextEncoder().encode(source.key).length > MOST_KEY_BYTES)
    return invalid(`A key has at most ${MOST_KEY_BYTES} bytes of UTF-8.`);
  if (batch.results.place === "beside" && source.bucket === bucket) return invalid(BESIDE_IN_INBOX);
  if (size !== null && size > limits.uploadBytes)
    return { code: "too_large", message: `The recording is larger than ${limits.uploadBytes} bytes.` };
  try {
    await checkSource(services, batch.owner, source);
    return null;
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    return { code: error.code, message: error.message };
  }
}

function invalid(message: string) {
  return { code: "invalid_request", message };
}
