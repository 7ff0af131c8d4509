import { parseTranscript, type Transcript } from "../../formats/index.ts";
import { ConflictError, DeletedError } from "../errors.ts";
import { resultKey } from "../object-keys.ts";
import type { Caller } from "../owner.ts";
import type { Services } from "../services.ts";
import { getTranscription } from "./get-transcription.ts";

/** Throws NotFoundError, DeletedError, ConflictError not_completed with the status that it has instead. */
export async function readTranscript(services: Services, caller: Caller, id: string): Promise<Transcript> {
  const record = await getTranscription(services, caller, id);
  if (record.state === "deleted") throw new DeletedError(id);
  if (record.state !== "completed") {
    const reason = record.error ? `: ${record.error.message}` : ".";
    throw new ConflictError(
      "not_completed",
      `There is no transcript: the status is ${record.state}${reason}`,
      {
        status: record.state,
        ...(record.error && { error: record.error }),
      },
    );
  }
  const { body } = await services.blobs.get({ bucket: services.bucket, key: resultKey(id) });
  const chunks = await Array.fromAsync(body);
  return parseTranscript(await new globalThis.Blob(chunks as Uint8Array<ArrayBuffer>[]).text());
}
