import { type Batch, unfinishedItems } from "../batch.ts";
import { settleBatch } from "../batches/settle.ts";
import { transcribeMessage } from "../messages.ts";
import { type Services, timestamp } from "../services.ts";
import { amend, enter, isTerminal, REQUEUE_SECONDS, type Transcription } from "../transcription.ts";
import { updateTranscription } from "../update.ts";
import { acceptUpload } from "../work/accept.ts";
import { afterEnd } from "../work/after-end.ts";
import { eraseTranscription } from "./delete-transcription.ts";

const PAGE = 100;

/**
 * A crash may come between the record of a batch and the start of its listing. One that is older than this and not listed to
 * its end is started, again, by every sweep: that does nothing where it is being listed.
 */
export const RESTART_SECONDS = 5 * 60;

/**
 * Do what time demands: expire uploads that never came, delete what was to be deleted by now, queue again what a crash
 * may have kept from its queue, start or settle batches that nobody started or settled. To be called every minute or
 * so; returns how many records it dealt with.
 */
export async function sweep(services: Services): Promise<number> {
  const now = timestamp(services.clock);
  await attendBatches(services);
  let dealtWith = 0;
  for (;;) {
    const due = await services.store.dueTranscriptions(now, PAGE);
    let failures = 0;
    for (const record of due) {
      await attend(services, record, now).catch((error: unknown) => {
        failures++;
        services.log.error("sweep.failed", { id: record.id, error: String(error) });
      });
    }
    dealtWith += due.length - failures;
    // What failed stays due: the next sweep tries it again, this one would do so for ever.
    if (due.length < PAGE || failures > 0) return dealtWith;
  }
}

async function attendBatches(services: Services): Promise<void> {
  for (const batch of await services.store.openBatches())
    await attendBatch(services, batch).catch((error: unknown) =>
      services.log.error("sweep.failed", { id: batch.id, error: String(error) }),
    );
}

/** The last item's message settles its batch; should that fail to the end, it is done here. */
async function attendBatch(services: Services, batch: Batch): Promise<void> {
  const { id, createdAt, listing, counts } = batch;
  if (listing.done && unfinishedItems(counts) === 0) return settleBatch(services, id);
  if (!listing.done && createdAt <= timestamp(services.clock, -RESTART_SECONDS))
    await services.startListing(id);
}

async function attend(services: Services, record: Transcription, now: string): Promise<void> {
  if (record.state === "awaiting_upload") return attendUpload(services, record, now);
  if (record.state === "deleted") return finishDeletion(services, record);
  if (isTerminal(record.state)) return eraseTranscription(services, record.id);
  if (record.state === "processing") return attendProcessing(services, record, now);
  if (record.state === "queued") await services.queues[record.queue].send(transcribeMessage(record.id));
  await forgetDue(services, record.id);
}

async function attendUpload(services: Services, record: Transcription, now: string): Promise<void> {
  if (await services.blobs.head(record.source)) {
    // It is there, but its event may be lost; should it come yet, it finds the work done.
    await acceptUpload(services, record);
    await services.queues[record.queue].send(transcribeMessage(record.id));
    return;
  }
  const updated = await updateTranscription(services.store, record.id, (current) =>
    current.state === "awaiting_upload" ? enter(current, "expired", now, { dueAt: null }) : null,
  );
  if (!updated?.changed) return;
  services.metrics.transcriptionEnded("expired");
  services.log.info("transcription.expired", { id: record.id, owner: record.owner });
  await afterEnd(services, updated.record);
}

/** Its worker died, and the message that would have brought it back is gone as well: purged, or too old. */
async function attendProcessing(services: Services, record: Transcription, now: string): Promise<void> {
  if (record.lease && record.lease.until > now) return;
  await services.queues[record.queue].send(transcribeMessage(record.id));
  const dueAt = timestamp(services.clock, REQUEUE_SECONDS);
  await updateTranscription(services.store, record.id, (current) =>
    current.revision === record.revision ? amend(current, { dueAt }) : null,
  );
}

async function finishDeletion(services: Services, record: Transcription): Promise<void> {
  await afterEnd(services, record);
  await forgetDue(services, record.id);
}

async function forgetDue(services: Services, id: string): Promise<void> {
  await updateTranscription(services.store, id, (record) =>
    record.dueAt === null || (isTerminal(record.state) && record.state !== "deleted")
      ? null
      : amend(record, { dueAt: null }),
  );
}
