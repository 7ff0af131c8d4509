import type { Caller } from "../owner.ts";
import { type Services, timestamp } from "../services.ts";
import { DEFAULT_OPTIONS, enter, type Transcription } from "../transcription.ts";
import { updateTranscription } from "../update.ts";
import { afterEnd } from "../work/after-end.ts";
import { findTranscription } from "./find.ts";

/** Delete audio, transcript and what the caller told us. Twice is no mistake. Throws NotFoundError. */
export async function deleteTranscription(services: Services, caller: Caller, id: string): Promise<void> {
  await findTranscription(services, caller, id);
  await eraseTranscription(services, id);
}

/** The same for those that are due (`delete_after_seconds`). */
export async function eraseTranscription(services: Services, id: string): Promise<void> {
  const updated = await updateTranscription(services.store, id, (record) =>
    record.state === "deleted" ? null : tombstone(record, timestamp(services.clock)),
  );
  if (!updated) return;
  if (updated.changed) services.log.info("transcription.deleted", { id, owner: updated.record.owner });
  await afterEnd(services, updated.record);
}

/** What is left: that it was there, when, and in which batch. `source` and `results` stay until the bytes are gone. */
function tombstone(record: Transcription, now: string): Transcription {
  return enter(record, "deleted", now, {
    fileName: null,
    contentType: null,
    uploadExpiresAt: null,
    options: DEFAULT_OPTIONS,
    metadata: {},
    ...(record.remote && { remote: null }),
    deleteAfterSeconds: null,
    // Looked at once more, should the bytes outlive a crash right after this.
    dueAt: now,
    lease: null,
    error: null,
    audio: null,
    warnings: [],
    doneKey: null,
    webhook: null,
  });
}
