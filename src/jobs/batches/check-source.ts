import type { Batch } from "../batch.ts";
import { InvalidRequestError, StorageFullError } from "../errors.ts";
import { inboxPrefix } from "../object-keys.ts";
import type { BlobRef } from "../ports/blob-store.ts";
import type { Services } from "../services.ts";
import { checkSource, findSource } from "../use-cases/source-policy.ts";

export const BESIDE_IN_INBOX =
  "Results cannot lie beside recordings in the service's own bucket: they would be taken for recordings.";

/**
 * Whether the owner may have this source read, and whether its manifest is there. A manifest's rows are looked at one
 * by one when they are read. Throws InvalidRequestError.
 */
export async function checkBatchSource(services: Services, { owner, source }: Batch): Promise<void> {
  if (source.kind === "prefix")
    return checkSource(services, owner, { bucket: source.bucket, key: source.prefix });
  const { manifest, bucket } = source;
  await checkSource(services, owner, manifest);
  // Of the service's own bucket only the inbox may be listed, which each row has to show.
  if (bucket !== null) await checkSource(services, owner, { bucket, key: inboxPrefix(owner) });
  await findSource(services, manifest, "source.manifest");
  if (source.format === "jsonl") await refuseArray(services, manifest);
}

/** A list in one pair of brackets is no JSON Lines, and is not read row by row. */
async function refuseArray({ blobs }: Services, manifest: BlobRef): Promise<void> {
  const { body } = await blobs.get(manifest);
  for await (const piece of body) {
    const text = new TextDecoder().decode(piece).trimStart();
    // A row may be a list, but then its line ends with it.
    if (!/^\[\s*([{"]|$)/.test(text) || /^\[[^\n]*\]\s*\n\s*\S/.test(text)) return;
    throw new InvalidRequestError(
      "The manifest is a JSON array. Write each row on a line of its own, without brackets and commas around them (JSON Lines).",
      { field: "source.manifest" },
    );
  }
}

/**
 * Whether results can be put beside their sources, tried with a small object. Not tried where only the rows of
 * the manifest tell the bucket. Throws InvalidRequestError, StorageFullError.
 */
export async function checkPlace(services: Services, batch: Batch): Promise<void> {
  const { bucket } = batch.source;
  if (batch.results.place !== "beside" || bucket === null) return;
  if (bucket === services.bucket) throw new InvalidRequestError(BESIDE_IN_INBOX, { field: "results.place" });
  const probe = { bucket, key: `${folderOf(batch)}scriptorium-${batch.id}` };
  try {
    await tryToWrite(services, probe);
  } catch (error) {
    if (error instanceof StorageFullError) throw error;
    services.log.warn("batch.place_refused", { owner: batch.owner, bucket, error: String(error) });
    throw new InvalidRequestError(
      `The service cannot write to the bucket ${bucket}, beside the recordings. ` +
        "Let it write there, or have the results put in the batch's own place.",
      { field: "results.place" },
    );
  }
}

async function tryToWrite({ blobs }: Services, probe: BlobRef): Promise<void> {
  await blobs.put(probe, "");
  await blobs.delete(probe);
}

function folderOf({ source }: Batch): string {
  if (source.kind === "manifest") return "";
  return source.prefix.slice(0, source.prefix.lastIndexOf("/") + 1);
}
