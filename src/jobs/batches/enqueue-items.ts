import type { Batch } from "../batch.ts";
import { BlobNotFoundError, BlobUnreadableError } from "../errors.ts";
import { transcribeMessage } from "../messages.ts";
import type { BlobRef } from "../ports/blob-store.ts";
import { type Services, timestamp } from "../services.ts";
import { doneKey } from "../work/done-key.ts";
import { type BatchItem, failedItem, itemId, queuedItem } from "./item.ts";
import { isMediaKey } from "./media-key.ts";
import { refusalOf } from "./refuse-item.ts";

/** Items that are looked at side by side. */
const AT_ONCE = 16;

/**
 * Count and queue these items of a batch, those aside that were done before. Repeating it makes and counts nothing
 * anew, but sends the messages of those that still wait once more: a crash may have kept them from the queue. Nothing
 * is done for a batch whose list is not being read (any more).
 */
export async function enqueueItems(
  services: Services,
  batchId: string,
  items: readonly BatchItem[],
): Promise<void> {
  const batch = await services.store.getBatch(batchId);
  if (batch?.state !== "listing") return;
  const buckets = await services.sourceBuckets(batch.owner);
  const asOfNow: Services = { ...services, sourceBuckets: async () => buckets };
  const wanted = searchesThrough(batch) ? items.filter(({ key }) => isMediaKey(key)) : items;
  const waiting = new Set<string>();
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    const group = wanted.slice(from, from + AT_ONCE);
    const ids = await Promise.all(group.map((item) => placeItem(asOfNow, batch, item)));
    for (const id of ids) if (id !== null) waiting.add(id);
  }
  const messages = [...waiting].map(transcribeMessage);
  if (waiting.size > 0) await services.queues.archive.sendMany(messages, { owner: batch.owner });
}

/** Lists of all that there is name recordings among other things; what people list themselves they mean. */
function searchesThrough({ source }: Batch): boolean {
  return source.kind === "prefix" || source.format === "s3_inventory";
}

/** Its id where it waits to be transcribed. */
async function placeItem(services: Services, batch: Batch, item: BatchItem): Promise<string | null> {
  const { store, clock } = services;
  const source = { bucket: item.bucket ?? batch.source.bucket ?? "", key: item.key };
  const id = await itemId(batch.id, source);
  // First of all: it may have been done since, by the very item that is counted already.
  const known = await store.getTranscription(id);
  if (known) return known.state === "queued" ? id : null;
  const facts = await lookUp(services, batch, source, item);
  const { etag, size } = facts;
  const record = queuedItem(services, batch, { id, source, etag, size });
  if (facts.error) {
    const failed = failedItem(services, record, facts.error);
    const { outcome } = await store.createTranscription(failed, { now: failed.createdAt });
    if (outcome === "created") services.metrics.transcriptionEnded("failed", facts.error.code);
    return null;
  }
  const earlier = batch.force ? null : await findEarlier(services, record);
  if (earlier !== null) {
    await store.skipBatchItem({ batchId: batch.id, itemId: id, source, transcriptionId: earlier });
    return null;
  }
  await store.createTranscription(record, { now: timestamp(clock) });
  return id;
}

interface Facts {
  etag: string | null;
  size: number | null;
  error: { code: string; message: string } | null;
}

/** What the list does not tell of the object is asked of the storage. */
async function lookUp(services: Services, batch: Batch, source: BlobRef, item: BatchItem): Promise<Facts> {
  const refusal = await refusalOf(services, batch, source, item.size);
  if (refusal || item.etag !== null) return { etag: item.etag, size: item.size, error: refusal };
  try {
    const found = await services.blobs.head(source);
    if (!found) throw new BlobNotFoundError(source.bucket, source.key);
    const { etag, size } = found;
    return { etag, size, error: await refusalOf(services, batch, source, size) };
  } catch (error) {
    if (!(error instanceof BlobNotFoundError || error instanceof BlobUnreadableError)) throw error;
    return { etag: null, size: item.size, error: { code: error.code, message: error.message } };
  }
}

async function findEarlier(
  { store, models }: Services,
  record: Parameters<typeof doneKey>[0],
): Promise<string | null> {
  if (models.length === 0) return null;
  const key = await doneKey(record, models[0]);
  return key === null ? null : store.findDone(key);
}
