import { type Batch, unfinishedItems } from "../batch.ts";
import { settleBatch } from "../batches/settle.ts";
import { transcribeMessage } from "../messages.ts";
import type { DuePosition } from "../ports/job-store.ts";
import { type Services, timestamp } from "../services.ts";
import { amend, enter, isTerminal, type Transcription } from "../transcription.ts";
import { updateTranscription } from "../update.ts";
import { startedWebhook } from "../webhook.ts";
import { acceptUpload } from "../work/accept.ts";
import { afterEnd } from "../work/after-end.ts";
import { eraseTranscription } from "./delete-transcription.ts";
import { eachOf } from "./sweep/each-of.ts";
import { isUnsent, LostMessages } from "./sweep/lost-messages.ts";

const PAGE = 500;

/**
 * A crash may come between the record of a batch and the start of its listing. One that is older than this and not listed to
 * its end is started, again, by every sweep: that does nothing where it is being listed.
 */
export const RESTART_SECONDS = 5 * 60;

/**
 * Do what time demands: expire uploads that never came, delete what was to be deleted by now, queue again what a crash
 * may have kept from its queue, start or settle batches that nobody started or settled. To be called every minute or
 * so; returns how many records it dealt with. Begins nothing more after `seconds`: the next sweep goes on.
 */
export async function sweep(
  services: Services,
  { seconds = Number.POSITIVE_INFINITY }: { seconds?: number } = {},
): Promise<number> {
  const { store, clock } = services;
  const until = clock.now() + seconds * 1000;
  const now = timestamp(clock);
  await attendBatches(services);
  const lost = new LostMessages(services, now);
  let dealtWith = 0;
  for (let after: DuePosition | null | undefined; after !== null && clock.now() < until; ) {
    // What fails stays due, and an index may be a moment behind: neither is met again in this sweep.
    const page = await store.dueTranscriptions(now, PAGE, after);
    const [unsent, others] = [page.items.filter(isUnsent(now)), page.items.filter((r) => !isUnsent(now)(r))];
    dealtWith += await lost.attend(unsent);
    dealtWith += await eachOf(others, services, (record) => attend(services, record, now));
    after = page.next;
  }
  return dealtWith;
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
}

async function attendUpload(services: Services, record: Transcription, now: string): Promise<void> {
  const facts = await services.blobs.head(record.source);
  if (facts) {
    // It is there, but its event may be lost; should it come yet, it finds the work done.
    await acceptUpload(services, record, { size: facts.size });
    await services.queues[record.queue].send(transcribeMessage(record.id), { owner: record.owner });
    return;
  }
  // An upload in parts may have been gone on with just now.
  const isDue = ({ state, dueAt }: Transcription) => state === "awaiting_upload" && (dueAt ?? now) <= now;
  const updated = await updateTranscription(services.store, record.id, (current) =>
    isDue(current)
      ? enter(current, "expired", now, { dueAt: null, webhook: startedWebhook(current.webhook, now) })
      : null,
  );
  if (!updated?.changed) return;
  services.metrics.transcriptionEnded("expired");
  services.log.info("transcription.expired", { id: record.id, owner: record.owner });
  await afterEnd(services, updated.record);
}

async function finishDeletion(services: Services, record: Transcription): Promise<void> {
  await afterEnd(services, record);
  await forgetDue(services, record.id);
}

async function forgetDue(services: Services, id: string): Promise<void> {
  await updateTranscription(services.store, id, (record) =>
    record.dueAt === null || record.state !== "deleted" ? null : amend(record, { dueAt: null }),
  );
}
