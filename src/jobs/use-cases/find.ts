import type { Batch } from "../batch.ts";
import { NotFoundError } from "../errors.ts";
import { isId } from "../messages.ts";
import type { Caller } from "../owner.ts";
import type { Services } from "../services.ts";
import type { Transcription } from "../transcription.ts";

/** The caller's own transcription. Throws NotFoundError, alike for unknown ids and for those of other owners. */
export async function findTranscription(
  { store }: Pick<Services, "store">,
  caller: Caller,
  id: string,
): Promise<Transcription> {
  const record = isId(id, "tr") ? await store.getTranscription(id) : null;
  if (record?.owner !== caller.owner) throw new NotFoundError("transcription", id);
  return record;
}

/** The caller's own batch. Throws NotFoundError likewise. */
export async function findBatch(
  { store }: Pick<Services, "store">,
  caller: Caller,
  id: string,
): Promise<Batch> {
  const record = isId(id, "ba") ? await store.getBatch(id) : null;
  if (record?.owner !== caller.owner) throw new NotFoundError("batch", id);
  return record;
}
