import { InvalidRequestError, NotFoundError } from "../errors.ts";
import type { Services } from "../services.ts";
import { mayArrive, type Transcription } from "../transcription.ts";
import { getTranscription } from "./get-transcription.ts";
import { checkSource, findSource } from "./source-policy.ts";

const FIELD = "source.transcription";

/**
 * Another transcription of the owner's, whose recording can be transcribed again: with what its content is now. Throws
 * InvalidRequestError where there is none, or its recording is not there (yet, or any more), or may not be read any more.
 */
export async function findRecordingOf(services: Services, owner: string, id: string): Promise<Transcription> {
  const record = await getTranscription(services, { owner, keyId: "" }, id).catch((error: unknown) => {
    throw error instanceof NotFoundError ? refused(error.message) : error;
  });
  if (record.state === "deleted")
    throw refused(`Transcription ${id} was deleted, and its recording with it.`);
  if (mayArrive(record.state)) throw refused(`The recording of transcription ${id} has not been uploaded.`);
  // The service's own bucket is not the owner's to name, but what lies there for this transcription is theirs.
  if (record.source.bucket !== services.bucket) await checkSource(services, owner, record.source);
  const facts = await findSource(services, record.source, FIELD);
  return { ...record, sourceEtag: facts.etag, sourceBytes: facts.size };
}

function refused(message: string): InvalidRequestError {
  return new InvalidRequestError(message, { field: FIELD });
}
