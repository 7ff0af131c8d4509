import { amendBatch, enterBatch } from "../batch.ts";
import { type Services, timestamp } from "../services.ts";
import { updateBatch } from "../update.ts";
import { startWebhook } from "../webhook.ts";
import { countLeftOut } from "./left-out.ts";
import { settleBatch } from "./settle.ts";

/**
 * Note that all before `to` is counted and queued. False, and nothing noted, where the listing is not at `from` any
 * more, or is to stop: the record tells.
 */
export async function advanceListing(
  { store }: Pick<Services, "store">,
  batchId: string,
  from: string | null,
  to: string,
): Promise<boolean> {
  const updated = await updateBatch(store, batchId, (batch) =>
    batch.state === "listing" && batch.listing.cursor === from
      ? amendBatch(batch, { listing: { cursor: to, done: false } })
      : null,
  );
  return updated?.changed === true;
}

/** No further item will come: the source has been read to its end, or the batch was canceled. May be repeated. */
export async function finishListing(services: Services, batchId: string): Promise<void> {
  const leftOut = await countLeftOut(services, batchId);
  const updated = await updateBatch(services.store, batchId, (batch) => {
    const listing = { ...batch.listing, done: true, leftOut };
    if (batch.state === "listing")
      return enterBatch(batch, "processing", timestamp(services.clock), { listing });
    return batch.state === "canceling" && !batch.listing.done ? amendBatch(batch, { listing }) : null;
  });
  if (updated?.changed) {
    const { id, owner, counts } = updated.record;
    services.log.info("batch.listed", { id, owner, counts, left_out: leftOut });
  }
  await settleBatch(services, batchId);
}

/**
 * The source cannot be read, or not to its end. Items that are known by now are transcribed all the same. One that is
 * being canceled is canceled. May be repeated.
 */
export async function failListing(
  services: Services,
  batchId: string,
  error: { code: string; message: string },
): Promise<void> {
  const updated = await updateBatch(services.store, batchId, (batch) => {
    if (batch.state !== "listing") return null;
    const now = timestamp(services.clock);
    return enterBatch(batch, "failed", now, {
      error,
      webhook: batch.webhook && startWebhook(batch.webhook, now),
    });
  });
  if (updated?.changed)
    services.log.warn("batch.failed", { id: batchId, owner: updated.record.owner, ...error });
  await finishListing(services, batchId);
}
