import { type Services, timestamp } from "../services.ts";
import { enter, isTerminal, type Transcription } from "../transcription.ts";
import { updateTranscription } from "../update.ts";
import { deletionDue } from "./after-end.ts";
import { failWhere } from "./finish.ts";
import type { Hold } from "./hold.ts";

export type Claim =
  /** It is ours to transcribe. */
  | { kind: "claimed"; record: Transcription }
  /** It has ended, now or before: see to what follows from that (afterEnd), then the message is done with. */
  | { kind: "ended"; record: Transcription }
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
  const { store, clock, limits, log } = services;
  const known = await store.getTranscription(id);
  const canceled = known?.batchId ? await isBatchCanceled(services, known.batchId) : false;
  let refusal: Claim = { kind: "unknown" };
  const updated = await updateTranscription(store, id, (record) => {
    const now = timestamp(clock);
    const kept = blockedBy(record, hold, clock.now());
    if (kept) {
      refusal = kept;
      return null;
    }
    if (canceled) return enter(record, "canceled", now, { lease: null, dueAt: deletionDue(record, clock) });
    if (record.attempts >= limits.attempts) {
      refusal = { kind: "ended", record };
      return null;
    }
    const lease = { ...hold, until: timestamp(clock, leaseSeconds) };
    return enter(record, "processing", now, { lease, attempts: record.attempts + 1, dueAt: null });
  });
  if (!updated) return refusal;
  if (!updated.changed) return refuse(services, updated.record, refusal);
  const { record } = updated;
  log.info(`transcription.${record.state}`, { id, owner: record.owner, attempt: record.attempts, ...hold });
  return isTerminal(record.state) ? { kind: "ended", record } : { kind: "claimed", record };
}

async function refuse(services: Services, record: Transcription, refusal: Claim): Promise<Claim> {
  if (refusal.kind === "ended") {
    const { attempts, revision } = record;
    await failWhere(services, record.id, givenUp(attempts), (current) => current.revision === revision);
  }
  return isTerminal(record.state) ? { kind: "ended", record } : refusal;
}

function blockedBy({ state, lease }: Transcription, hold: Hold, now: number): Claim | null {
  if (state === "queued") return null;
  if (state !== "processing" || !lease) return { kind: "unknown" };
  const leftMs = Date.parse(lease.until) - now;
  if (leftMs <= 0) return null;
  if (lease.messageId !== hold.messageId) return { kind: "duplicate" };
  return { kind: "busy", seconds: Math.ceil(leftMs / 1000) };
}

function givenUp(attempts: number) {
  return {
    code: "internal_error",
    message: `It was begun ${attempts} times and never finished. The recording may be one that breaks the decoder.`,
  };
}

async function isBatchCanceled({ store }: Services, batchId: string): Promise<boolean> {
  const batch = await store.getBatch(batchId);
  return batch?.state === "canceling" || batch?.state === "canceled";
}
