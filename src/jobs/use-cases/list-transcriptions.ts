import type { Caller } from "../owner.ts";
import type { Page, TranscriptionQuery } from "../ports/job-store.ts";
import type { Services } from "../services.ts";
import type { Transcription } from "../transcription.ts";
import { pageOfBytes } from "./page-bytes.ts";

export interface TranscriptionFilter extends Omit<TranscriptionQuery, "owner"> {
  /** Part of the file name, in whatever case. */
  fileName?: string;
  /** An entry of the metadata. */
  metadata?: { key: string; value: string };
}

/**
 * The caller's own, newest first; fewer than asked for where they are large, or where many were looked at for few that
 * have this file name or metadata. Throws InvalidCursorError.
 */
export async function listTranscriptions(
  { store }: Pick<Services, "store">,
  { owner }: Caller,
  { fileName, metadata, ...query }: TranscriptionFilter,
): Promise<Page<Transcription>> {
  const part = fileName?.toLowerCase();
  const wanted = (record: Transcription) =>
    (part === undefined || (record.fileName?.toLowerCase().includes(part) ?? false)) &&
    (metadata === undefined || record.metadata[metadata.key] === metadata.value);
  const filtered = part !== undefined || metadata !== undefined;
  return pageOfBytes({ ...query, ...(filtered && { wanted }) }, (limit, after) =>
    store.listTranscriptions({ ...query, owner, limit, ...(after !== undefined && { after }) }),
  );
}
