import { uploadKey } from "../object-keys.ts";
import { checkPublicUrl } from "../public-url.ts";
import { type Services, timestamp } from "../services.ts";
import { REQUEUE_SECONDS, type RemoteSource, type Transcription } from "../transcription.ts";

const FIELD = "source.url";

/**
 * The record of a recording that a worker will fetch. Where its name leads is looked at then. Throws
 * InvalidRequestError.
 */
export function withRemote(services: Services, record: Transcription, remote: RemoteSource): Transcription {
  checkPublicUrl(remote.url, {
    field: FIELD,
    allowLocal: services.allowLocalSources === true,
    insteadOfCredentials: "send an Authorization header in `source.headers`",
  });
  const fileName = record.fileName ?? fileNameOf(remote.url);
  return {
    ...record,
    state: "queued",
    times: { queued: record.createdAt },
    source: { bucket: services.bucket, key: uploadKey(record.id, fileName) },
    origin: "url",
    remote,
    fileName,
    uploadExpiresAt: null,
    dueAt: timestamp(services.clock, REQUEUE_SECONDS),
  };
}

const MOST_CHARACTERS = 255;

function fileNameOf(url: string): string | null {
  const last = new URL(url).pathname.split("/").at(-1) ?? "";
  return decoded(last).slice(0, MOST_CHARACTERS) || null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
