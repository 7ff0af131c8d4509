import { ConflictError } from "../errors.ts";
import type { Caller } from "../owner.ts";
import type { BlobRef } from "../ports/blob-store.ts";
import type { Services } from "../services.ts";
import { findBatch } from "../use-cases/find.ts";

/** The summary's bytes: JSONL, one line an item. Throws NotFoundError, ConflictError not_completed. */
export async function readBatchSummary(
  services: Services,
  caller: Caller,
  id: string,
): Promise<AsyncIterable<Uint8Array>> {
  return (await services.blobs.get(await findBatchSummary(services, caller, id))).body;
}

/** Where it lies. Throws NotFoundError, ConflictError not_completed. */
export async function findBatchSummary(services: Services, caller: Caller, id: string): Promise<BlobRef> {
  const { state, summaryKey } = await findBatch(services, caller, id);
  if (summaryKey === null)
    throw new ConflictError(
      "not_completed",
      `There is no summary yet: the status is ${state}. It is written when the last item has ended.`,
      { status: state },
    );
  return { bucket: services.bucket, key: summaryKey };
}
