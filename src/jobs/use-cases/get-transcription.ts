import { StorageFullError, StorageReadOnlyError } from "../errors.ts";
import type { Caller } from "../owner.ts";
import type { Services } from "../services.ts";
import { mayArrive, type Transcription } from "../transcription.ts";
import { acceptUpload } from "../work/accept.ts";
import { findTranscription } from "./find.ts";

/**
 * The transcription as it stands. One whose upload has not arrived is looked for in storage: the event that says so may
 * still be behind others in the queue. Throws NotFoundError.
 */
export async function getTranscription(
  services: Services,
  caller: Caller,
  id: string,
): Promise<Transcription> {
  const record = await findTranscription(services, caller, id);
  if (!mayArrive(record.state)) return record;
  const facts = await services.blobs.head(record.source);
  if (!facts) return record;
  return acceptUpload(services, record, { size: facts.size }).catch((error: unknown) => {
    // Looking must work where writing does not.
    if (error instanceof StorageFullError || error instanceof StorageReadOnlyError) return record;
    throw error;
  });
}
