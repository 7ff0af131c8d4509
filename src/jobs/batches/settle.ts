import { amendBatch, type Batch, enterBatch, unfinishedItems } from "../batch.ts";
import { batchSummaryKey } from "../object-keys.ts";
import { type Services, timestamp } from "../services.ts";
import { updateBatch } from "../update.ts";
import { startWebhook } from "../webhook.ts";
import { sendPendingWebhook } from "../webhooks/deliver.ts";
import { tellEnd } from "../work/tell-end.ts";
import { writeSummary } from "./write-summary.ts";

/**
 * See whether a batch is at its end: then its summary, its last state and its webhook follow. Called after every
 * item's end, so that one that goes on costs a single read. May be repeated, by several processes at once; of a batch
 * that is over it sends the webhook's message again while that is pending.
 */
export async function settleBatch(services: Services, batchId: string): Promise<void> {
  const batch = await services.store.getBatch(batchId);
  if (!batch) return;
  const settled = isSettling(batch) ? await conclude(services, batch) : batch;
  await sendPendingWebhook(services, "batch", settled);
  await tellEnd(services, settled);
}

/** Nothing is left to do but to say so. A batch whose listing failed is over before its items are. */
function isSettling(batch: Batch): boolean {
  if (unfinishedItems(batch.counts) > 0 || batch.summaryKey !== null) return false;
  if (batch.state === "failed") return true;
  return batch.listing.done && (batch.state === "processing" || batch.state === "canceling");
}

async function conclude(services: Services, batch: Batch): Promise<Batch> {
  await writeSummary(services, batch);
  const updated = await updateBatch(services.store, batch.id, (current) =>
    isSettling(current) ? concluded(current, timestamp(services.clock)) : null,
  );
  if (!updated) return batch;
  const { id, owner, state, counts } = updated.record;
  if (updated.changed) services.log.info(`batch.${state}`, { id, owner, counts });
  return updated.record;
}

function concluded(batch: Batch, now: string): Batch {
  const summaryKey = batchSummaryKey(batch.id);
  if (batch.state === "failed") return amendBatch(batch, { summaryKey });
  if (batch.state === "canceling") return enterBatch(batch, "canceled", now, { summaryKey });
  const webhook = batch.webhook && startWebhook(batch.webhook, now);
  return enterBatch(batch, "completed", now, { summaryKey, webhook });
}
