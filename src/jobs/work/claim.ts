import { type Services, timestamp } from "../services.ts";
import { amend, enter, isTerminal, REQUEUE_SECONDS, type Transcription } from "../transcription.ts";
import { updateTranscription } from "../update.ts";
import { deletionDue } from "./after-end.ts";
import { giveUp, isExhausted, leaseLeftMs } from "./give-up.ts";
import { type Hold, named } from "./hold.ts";

export type Claim =
  /** It is ours to transcribe. */
  | { kind: "claimed"; record: Transcription }
  /** It has ended, now or before: see to what follows from that (afterEnd), then the message is done with. */
  | { kind: "ended"; record: Transcription }
  /** It was begun too often: it has been failed, and what follows from that is seen to. The message is done with. */
  | { kind: "given_up" }
  /** A living worker has it, with another message of its own: this one is a duplicate, done with. */
  | { kind: "duplicate" }
  /** A worker has it, or had it, with this very message: look again when its lease is over. */
  | { kind: "busy"; seconds: number }
  /** There is no such transcription, or nothing to transcribe yet. */
  | { kind: "unknown" };

/**
 * Take hold of a transcription by a conditional write. One that was begun `limits.attempts` times and never finished
 * is failed instead: it is what kills its workers. One of a canceled batch is canceled.
 */
export async function claim(
  services: Services,
  id: string,
  hold: Hold,
  leaseSeconds: number,
): Promise<Claim> {
  const { store, clock, log } = services;
  const known = await store.getTranscription(id);
  const canceled = known?.batchId ? await isBatchCanceled(services, known.batchId) : false;
  const updated = await updateTranscription(store, id, (record) => {
    if (refusal(services, record, hold)) return null;
    const now = timestamp(clock);
    if (canceled) return enter(record, "canceled", now, { lease: null, dueAt: deletionDue(record, clock) });
    if (isExhausted(services, record)) return null;
    const lease = { ...hold, until: timestamp(clock, leaseSeconds) };
    const dueAt = timestamp(clock, leaseSeconds + REQUEUE_SECONDS);
    const begun = { lease, attempts: record.attempts + 1, dueAt };
    // Taken over from a dead worker, it has been in this state since that one entered it.
    return record.state === "processing" ? amend(record, begun) : enter(record, "processing", now, begun);
  });
  if (!updated) return { kind: "unknown" };
  const { record, changed } = updated;
  if (!changed) return refusal(services, record, hold) ?? giveUpOrClaim(services, record, hold, leaseSeconds);
  log.info(`transcription.${record.state}`, {
    id,
    owner: record.owner,
    attempt: record.attempts,
    ...named(hold),
  });
  return isTerminal(record.state) ? { kind: "ended", record } : { kind: "claimed", record };
}

/** Null where it is free to be taken, or given up. */
function refusal({ clock }: Services, record: Transcription, hold: Hold): Claim | null {
  const { state, lease } = record;
  if (state === "queued") return null;
  if (isTerminal(state)) return { kind: "ended", record };
  if (!lease) return { kind: "unknown" };
  const leftMs = leaseLeftMs(record, clock);
  if (leftMs === 0) return null;
  if (lease.messageId !== hold.messageId) return { kind: "duplicate" };
  return { kind: "busy", seconds: Math.ceil(leftMs / 1000) };
}

async function giveUpOrClaim(
  services: Services,
  record: Transcription,
  hold: Hold,
  leaseSeconds: number,
): Promise<Claim> {
  if (isExhausted(services, record) && (await giveUp(services, record))) return { kind: "given_up" };
  // Somebody has changed it since, or its lease ended just now.
  return claim(services, record.id, hold, leaseSeconds);
}

async function isBatchCanceled({ store }: Services, batchId: string): Promise<boolean> {
  const batch = await store.getBatch(batchId);
  return batch?.state === "canceling" || batch?.state === "canceled";
}
