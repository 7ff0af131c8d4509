import type { Services } from "../../src/jobs/services.ts";
import type { Transcription } from "../../src/jobs/transcription.ts";
import { RemoteError } from "./remote/errors.ts";
import type { ReadRemote } from "./remote/read-remote.ts";

/**
 * Put the recording where the record's source says, unless it lies there already: whoever takes the transcription over
 * need not fetch it again. Throws RemoteError, which lasts where this was the last try, the signal's reason, and what
 * the blob store throws.
 */
export async function fetchRemote(
  { blobs, limits, allowLocalSources = false }: Services,
  readRemote: ReadRemote,
  { source, remote, attempts }: Transcription,
  signal: AbortSignal,
): Promise<void> {
  if (!remote || (await blobs.head(source))) return;
  const pieces = readRemote(remote, {
    maxBytes: limits.uploadBytes,
    allowLocal: allowLocalSources,
    signal,
  });
  try {
    await blobs.put(source, pieces, { ifAbsent: true });
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof RemoteError && attempts >= limits.attempts ? error.last() : error;
  }
}
