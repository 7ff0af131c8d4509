import { FORMAT_NAMES } from "../../formats/index.ts";
import { batchResultRefs } from "../batches/results.ts";
import { settleBatch } from "../batches/settle.ts";
import { resultKey } from "../object-keys.ts";
import type { Clock } from "../ports/clock.ts";
import { type Services, timestamp } from "../services.ts";
import { isTerminal, type Transcription } from "../transcription.ts";
import { sendPendingWebhook } from "../webhooks/deliver.ts";
import { tellEnd } from "./tell-end.ts";

/**
 * What follows from a transcription's end: its webhook on the way, its batch settled, deleted bytes gone. Done again
 * whenever its message comes back, since a crash may have come in between; each step may be done again.
 */
export async function afterEnd(services: Services, record: Transcription): Promise<void> {
  if (!isTerminal(record.state)) return;
  // Not of one that expired: its upload may be under way, and is taken when it arrives.
  if (record.state === "deleted") await removeBytes(services, record);
  else if (record.dropAudio && record.origin === "upload") await services.blobs.delete(record.source);
  // Parts that were not joined by now never will be.
  if (record.parts && !record.times.queued)
    await services.blobs.parts.drop(record.source, record.parts.uploadId);
  await sendPendingWebhook(services, "transcription", record);
  await tellEnd(services, record);
  if (record.batchId !== null) await settleBatch(services, record.batchId);
}

/** When a transcription that ends now must be deleted. */
export function deletionDue(record: Transcription, clock: Clock): string | null {
  return record.deleteAfterSeconds === null ? null : timestamp(clock, record.deleteAfterSeconds);
}

async function removeBytes(services: Services, record: Transcription): Promise<void> {
  if (record.origin !== "source") await services.blobs.delete(record.source);
  await removeResults(services, record);
}

/** All that there may be, whether or not the record knows of it: a worker may have died between bytes and record. */
export async function removeResults(
  { store, blobs, bucket }: Services,
  { id, batchId, source }: Transcription,
): Promise<void> {
  for (const format of FORMAT_NAMES) await blobs.delete({ bucket, key: resultKey(id, format) });
  const batch = batchId === null ? null : await store.getBatch(batchId);
  // What was put beside the sources lies in the owner's own bucket and is theirs to keep.
  if (batch?.results.place !== "batch") return;
  for (const { ref } of await batchResultRefs(batch, source, bucket)) await blobs.delete(ref);
}
