import { type Services, timestamp } from "../services.ts";
import { amend, enter, type Lease, type Transcription } from "../transcription.ts";
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
          progress: Math.max(record.progress, progress),
        })
      : null,
  );
  return updated?.changed === true;
}

/** Whether it is still ours, without writing anything. */
export async function stillHeld({ store }: Services, id: string, hold: Hold): Promise<boolean> {
  const record = await store.getTranscription(id);
  return record !== null && holds(record, hold);
}

/** Give it back untouched, as a worker does that has to go. The attempt does not count. */
export async function giveBack(services: Services, id: string, hold: Hold): Promise<void> {
  const { store, clock, log } = services;
  const updated = await updateTranscription(store, id, (record) =>
    holds(record, hold) ? enter(record, "queued", timestamp(clock), untouched(record)) : null,
  );
  if (updated?.changed) log.info("transcription.given_back", { id, owner: updated.record.owner, ...hold });
}

function untouched(record: Transcription): Partial<Transcription> {
  return { lease: null, progress: 0, attempts: Math.max(0, record.attempts - 1) };
}
