import { ConflictError } from "../errors.ts";
import type { Caller } from "../owner.ts";
import { type Services, timestamp } from "../services.ts";
import { enter, mayFollow, type Transcription } from "../transcription.ts";
import { updateTranscription } from "../update.ts";
import { startedWebhook } from "../webhook.ts";
import { afterEnd, deletionDue } from "../work/after-end.ts";
import { findTranscription } from "./find.ts";

/** Stop it, wherever it is. Canceling twice is no mistake. Throws NotFoundError, ConflictError not_cancelable. */
export async function cancelTranscription(
  services: Services,
  caller: Caller,
  id: string,
): Promise<Transcription> {
  const { store, clock, log } = services;
  await findTranscription(services, caller, id);
  const updated = await updateTranscription(store, id, (record) => {
    if (record.state === "canceled") return null;
    if (!mayFollow(record.state, "canceled"))
      throw new ConflictError(
        "not_cancelable",
        `Its status is ${record.state}: there is nothing to cancel.`,
        {
          status: record.state,
        },
      );
    const now = timestamp(clock);
    const webhook = startedWebhook(record.webhook, now);
    return enter(record, "canceled", now, { lease: null, dueAt: deletionDue(record, clock), webhook });
  });
  const record = updated!.record;
  if (updated!.changed) {
    services.metrics.transcriptionEnded("canceled");
    log.info("transcription.canceled", { id, owner: record.owner });
  }
  await afterEnd(services, record);
  return record;
}
