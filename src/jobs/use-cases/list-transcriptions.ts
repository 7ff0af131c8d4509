import type { Caller } from "../owner.ts";
import type { Page, TranscriptionQuery } from "../ports/job-store.ts";
import type { Services } from "../services.ts";
import type { Transcription } from "../transcription.ts";
import { pageOfBytes } from "./page-bytes.ts";

/** The caller's own, newest first; fewer than asked for where they are large. Throws InvalidCursorError. */
export async function listTranscriptions(
  { store }: Pick<Services, "store">,
  caller: Caller,
  query: Omit<TranscriptionQuery, "owner">,
): Promise<Page<Transcription>> {
  return pageOfBytes(query, (limit, after) =>
    store.listTranscriptions({ ...query, limit, owner: caller.owner, ...(after !== undefined && { after }) }),
  );
}
