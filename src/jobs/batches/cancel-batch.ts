import { type Batch, batchMayFollow, enterBatch } from "../batch.ts";
import { ConflictError } from "../errors.ts";
import type { Caller } from "../owner.ts";
import { type Services, timestamp } from "../services.ts";
import type { TranscriptionState } from "../transcription.ts";
import { updateBatch } from "../update.ts";
import { cancelTranscription } from "../use-cases/cancel-transcription.ts";
import { findBatch } from "../use-cases/find.ts";
import { settleBatch } from "./settle.ts";

const PAGE = 100;
/** Queued items that are canceled within the call. Workers cancel the others as they meet them. */
const MOST_QUEUED = 1000;

/**
 * Begin no further item and stop those that are being worked on. Canceling twice is no mistake. Throws NotFoundError,
 * ConflictError not_cancelable where it is over already.
 */
export async function cancelBatch(services: Services, caller: Caller, id: string): Promise<Batch> {
  await findBatch(services, caller, id);
  const updated = await updateBatch(services.store, id, (batch) => {
    if (batch.state === "canceling" || batch.state === "canceled") return null;
    if (!batchMayFollow(batch.state, "canceling")) throw notCancelable(batch);
    return enterBatch(batch, "canceling", timestamp(services.clock));
  });
  if (updated!.changed) services.log.info("batch.canceling", { id, owner: caller.owner });
  if (updated!.record.state === "canceling") {
    await cancelItems(services, caller, id, "processing", Number.POSITIVE_INFINITY);
    await cancelItems(services, caller, id, "queued", MOST_QUEUED);
  }
  await settleBatch(services, id);
  return findBatch(services, caller, id);
}

async function cancelItems(
  services: Services,
  caller: Caller,
  batchId: string,
  state: TranscriptionState,
  most: number,
): Promise<void> {
  const query = { owner: caller.owner, batchId, state, limit: PAGE };
  let left = most;
  let page = await services.store.listTranscriptions(query);
  for (;;) {
    for (const { id } of page.items) await cancelItem(services, caller, id);
    left -= page.items.length;
    if (page.next === null || left <= 0) return;
    page = await services.store.listTranscriptions({ ...query, after: page.next });
  }
}

async function cancelItem(services: Services, caller: Caller, id: string): Promise<void> {
  try {
    await cancelTranscription(services, caller, id);
  } catch (error) {
    // It ended between the listing and now.
    if (!(error instanceof ConflictError)) throw error;
  }
}

function notCancelable({ state }: Batch): ConflictError {
  return new ConflictError("not_cancelable", `Its status is ${state}: there is nothing to cancel.`, {
    status: state,
  });
}
