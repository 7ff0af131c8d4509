import { DeletedError, InvalidRequestError, ServiceError } from "../errors.ts";
import type { Caller } from "../owner.ts";
import type { BlobRef } from "../ports/blob-store.ts";
import type { Services } from "../services.ts";
import type { Transcription } from "../transcription.ts";
import { findTranscription } from "./find.ts";
import { checkSource } from "./source-policy.ts";

export interface Recording {
  record: Transcription;
  ref: BlobRef;
}

/**
 * Where the recording of the caller's own transcription lies. Throws NotFoundError, DeletedError, ServiceError not_found
 * where the recording is not there yet or any more, or may not be read any more, BlobUnreadableError.
 */
export async function findRecording(services: Services, caller: Caller, id: string): Promise<Recording> {
  const record = await findTranscription(services, caller, id);
  if (record.state === "deleted") throw new DeletedError(id);
  const { source } = record;
  // A bucket that its owner was let into may have been closed since.
  if (record.origin === "source") await checkSource(services, record.owner, source).catch(closed);
  if (!(await services.blobs.head(source)))
    throw new ServiceError(
      "not_found",
      "The recording is not there: it was not uploaded yet, or was removed.",
    );
  return { record, ref: source };
}

function closed(error: unknown): never {
  if (error instanceof InvalidRequestError) throw new ServiceError("not_found", error.message);
  throw error;
}
