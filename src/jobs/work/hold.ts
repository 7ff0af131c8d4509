import { type Services, timestamp } from "../services.ts";
import {
  amend,
  enter,
  type Lease,
  REQUEUE_SECONDS,
  requeueSeconds,
  type Transcription,
} from "../transcription.ts";
import { updateTranscription } from "../update.ts";

/** A worker and the message that it holds. */
export type Hold = Pick<Lease, "worker" | "messageId">;

/** Whether this worker has it, by this message. */
export function holds(record: Transcription, hold: Hold): boolean {
  return (
    record.state === "processing" &&
    record.lease?.worker === hold.worker &&
    record.lease.messageId === hold.messageId
  );
}

/** For the log. */
export function named({ worker, messageId }: Hold): { worker: string; message_id: string } {
  return { worker, message_id: messageId };
}

/** Renew the lease and write the progress. False where the transcription is no longer ours: canceled, deleted, lost. */
export async function renew(
  { store, clock }: Services,
  id: string,
  hold: Hold,
  { leaseSeconds, progress }: { leaseSeconds: number; progress: number },
): Promise<boolean> {
  const updated = await updateTranscription(store, id, (record) =>
    holds(record, hold)
      ? amend(record, {
          lease: { ...hold, until: timestamp(clock, leaseSeconds) },
          dueAt: timestamp(clock, leaseSeconds + REQUEUE_SECONDS),
          progress: Math.max(record.progress, progress),
        })
      : null,
  );
  return updated?.changed === true;
}

/**
 * Write the progress alone. The lease is left as it is: it may be renewed only together with the message, or it would
 * outlive that, and a fresh message for the same transcription would be taken for a duplicate of a lost one.
 * False as for `renew`.
 */
export async function saveProgress(
  { store }: Services,
  id: string,
  hold: Hold,
  progress: number,
): Promise<boolean> {
  const updated = await updateTranscription(store, id, (record) =>
    holds(record, hold) && progress > record.progress ? amend(record, { progress }) : null,
  );
  return updated !== null && holds(updated.record, hold);
}

/** Whether it is still ours, without writing anything. */
export async function stillHeld({ store }: Services, id: string, hold: Hold): Promise<boolean> {
  const record = await store.getTranscription(id);
  return record !== null && holds(record, hold);
}

/**
 * Give it back to be begun anew, as a worker does that has to go or that something else keeps from going on. The
 * attempt does not count unless it may have been the recording's doing. The message must be released after this.
 */
export async function giveBack(
  services: Services,
  id: string,
  hold: Hold,
  { attemptCounts = false }: { attemptCounts?: boolean } = {},
): Promise<void> {
  const { store, clock, log } = services;
  const updated = await updateTranscription(store, id, (record) => {
    if (!holds(record, hold)) return null;
    return enter(record, "queued", timestamp(clock), {
      lease: null,
      progress: 0,
      attempts: attemptCounts ? record.attempts : Math.max(0, record.attempts - 1),
      dueAt: timestamp(clock, requeueSeconds(record)),
    });
  });
  if (updated?.changed)
    log.info("transcription.given_back", { id, owner: updated.record.owner, ...named(hold) });
}
