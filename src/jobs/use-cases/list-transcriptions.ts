import type { Caller } from "../owner.ts";
import type { Page, TranscriptionQuery } from "../ports/job-store.ts";
import type { Services } from "../services.ts";
import type { Transcription } from "../transcription.ts";

/** The caller's own, newest first. Throws InvalidCursorError. */
export async function listTranscriptions(
  { store }: Pick<Services, "store">,
  caller: Caller,
  query: Omit<TranscriptionQuery, "owner">,
): Promise<Page<Transcription>> {
  return store.listTranscriptions({ ...query, owner: caller.owner });
}
