import type { Batch } from "../batch.ts";
import { InvalidRequestError } from "../errors.ts";
import type { BlobRef } from "../ports/blob-store.ts";
import type { Services } from "../services.ts";
import { checkSource } from "../use-cases/source-policy.ts";
import { BESIDE_IN_INBOX } from "./check-source.ts";
import type { BatchItem } from "./item.ts";
import { batchResultRefs, MOST_KEY_BYTES } from "./results.ts";

/** Why this object of a batch cannot be transcribed, as far as its name and size tell; null where it can. */
export async function refusalOf(
  services: Services,
  batch: Batch,
  source: BlobRef,
  { size, row }: Pick<BatchItem, "size" | "row">,
): Promise<{ code: string; message: string } | null> {
  const { limits, bucket } = services;
  if (source.key === "")
    return invalid(`A row of the manifest names no key${row === undefined ? "" : `: ${row}`}.`);
  if (source.bucket === "")
    return invalid("A row of the manifest names no bucket, and the batch has none for such rows.");
  if (!source.key.isWellFormed() || new TextEncoder().encode(source.key).length > MOST_KEY_BYTES)
    return invalid(`A key has at most ${MOST_KEY_BYTES} bytes of UTF-8.`);
  if (batch.results.place === "beside" && source.bucket === bucket) return invalid(BESIDE_IN_INBOX);
  const refs = await batchResultRefs(batch, source, bucket);
  if (refs.length < batch.results.formats.length)
    return invalid(
      "The key is so long that no result could lie beside it. Have results put in the batch's own place.",
    );
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
