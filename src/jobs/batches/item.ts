import type { Batch } from "../batch.ts";
import { sha256Hex } from "../digest.ts";
import type { BlobRef } from "../ports/blob-store.ts";
import { type Services, timestamp } from "../services.ts";
import { ITEM_REQUEUE_SECONDS, NOT_BEGUN, type Transcription } from "../transcription.ts";
import { deletionDue } from "../work/after-end.ts";
import type { LeftOutReason } from "./left-out-reasons.ts";

/** An object of a batch's source, as its list tells of it. */
export interface BatchItem {
  /** Null: that of the batch's source. */
  bucket: string | null;
  /** Empty where the row of a manifest names none. */
  key: string;
  /** Null where the list does not tell. */
  etag: string | null;
  /** Bytes; null likewise. */
  size: number | null;
  /** How the row of a manifest that names no key looks, shortened. */
  row?: string;
  /** Why it is no recording, where the list tells that by itself. */
  leftOut?: LeftOutReason;
}

/** The same for the same object of the same batch, so that listing it again makes nothing new. */
export async function itemId(batchId: string, { bucket, key }: BlobRef): Promise<string> {
  const digest = await sha256Hex(JSON.stringify([batchId, bucket, key]));
  return `tr_${digest.slice(0, 32)}`;
}

export function queuedItem(
  { clock }: Pick<Services, "clock">,
  batch: Batch,
  { id, source, etag, size }: { id: string; source: BlobRef; etag: string | null; size: number | null },
): Transcription {
  const now = timestamp(clock);
  return {
    id,
    owner: batch.owner,
    keyId: batch.keyId ?? null,
    revision: 1,
    state: "queued",
    createdAt: now,
    times: { queued: now },
    source,
    sourceEtag: etag,
    sourceBytes: size,
    origin: "source",
    fileName: source.key.split("/").at(-1) ?? null,
    contentType: null,
    uploadExpiresAt: null,
    options: batch.options,
    metadata: batch.metadata,
    deleteAfterSeconds: batch.deleteAfterSeconds,
    dueAt: timestamp(clock, ITEM_REQUEUE_SECONDS),
    batchId: batch.id,
    queue: "archive",
    ...NOT_BEGUN,
    webhook: null,
  };
}

/** One that cannot even be tried: the batch's counts and its summary tell of it all the same. */
export function failedItem(
  services: Pick<Services, "clock">,
  queued: Transcription,
  error: { code: string; message: string },
): Transcription {
  const times = { failed: queued.createdAt };
  return { ...queued, state: "failed", times, error, dueAt: deletionDue(queued, services.clock) };
}
