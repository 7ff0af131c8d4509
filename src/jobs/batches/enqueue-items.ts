import type { Batch } from "../batch.ts";
import { BlobNotFoundError, BlobUnreadableError } from "../errors.ts";
import { transcribeMessage } from "../messages.ts";
import type { BlobRef } from "../ports/blob-store.ts";
import { type Services, timestamp } from "../services.ts";
import { doneKey } from "../work/done-key.ts";
import { type BatchItem, failedItem, itemId, queuedItem } from "./item.ts";
import { leftOutReason, noteLeftOut } from "./left-out.ts";
import type { LeftOutReason } from "./left-out-reasons.ts";
import { refusalOf } from "./refuse-item.ts";
import { spellings } from "./spellings.ts";

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
  const { wanted, leftOut } = searchesThrough(batch) ? sorted(items) : { wanted: items, leftOut: [] };
  await noteLeftOut(services, batch, leftOut);
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

/** Recordings, and what is none, with the reason. Folders are neither. */
function sorted(items: readonly BatchItem[]) {
  const wanted: BatchItem[] = [];
  const leftOut: { item: BatchItem; reason: LeftOutReason }[] = [];
  for (const item of items) {
    const reason = leftOutReason(item);
    if (reason !== null) leftOut.push({ item, reason });
    else if (!item.key.endsWith("/")) wanted.push(item);
  }
  return { wanted, leftOut };
}

/** Its id where it waits to be transcribed. */
async function placeItem(services: Services, batch: Batch, item: BatchItem): Promise<string | null> {
  const { store, clock } = services;
  const bucket = item.bucket ?? batch.source.bucket ?? "";
  const spelled = spellings(item).map((key) => ({ bucket, key }));
  for (const source of spelled) {
    // First of all: it may have been done since, by the very item that is counted already.
    const id = await idOf(batch, source, item);
    const known = await store.getTranscription(id);
    if (known) return known.state === "queued" ? id : null;
  }
  const { source, facts } = await lookUpAny(services, batch, spelled, item);
  const id = await idOf(batch, source, item);
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

/** Rows that make no sense are as many items as there are, not one. */
function idOf(batch: Batch, source: BlobRef, { row }: BatchItem): Promise<string> {
  return itemId(batch.id, row === undefined ? source : { ...source, key: `\0${row}` });
}

/** The first spelling that there is an object of; the first of all where there is none. */
async function lookUpAny(
  services: Services,
  batch: Batch,
  spelled: readonly BlobRef[],
  item: BatchItem,
): Promise<{ source: BlobRef; facts: Facts }> {
  const [source, ...others] = spelled as [BlobRef, ...BlobRef[]];
  const first = { source, facts: await lookUp(services, batch, source, item) };
  if (first.facts.error?.code !== "not_found") return first;
  for (const other of others) {
    const facts = await lookUp(services, batch, other, item);
    if (facts.error?.code !== "not_found") return { source: other, facts };
  }
  return first;
}

interface Facts {
  etag: string | null;
  size: number | null;
  error: { code: string; message: string } | null;
}

/** What the list does not tell of the object is asked of the storage. */
async function lookUp(services: Services, batch: Batch, source: BlobRef, item: BatchItem): Promise<Facts> {
  const refusal = await refusalOf(services, batch, source, item);
  if (refusal || item.etag !== null) return { etag: item.etag, size: item.size, error: refusal };
  try {
    const found = await services.blobs.head(source);
    if (!found) throw new BlobNotFoundError(source.bucket, source.key);
    const { etag, size } = found;
    return { etag, size, error: await refusalOf(services, batch, source, { size }) };
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
