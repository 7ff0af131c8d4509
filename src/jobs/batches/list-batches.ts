import type { Batch } from "../batch.ts";
import type { Caller } from "../owner.ts";
import type { Page } from "../ports/job-store.ts";
import type { Services } from "../services.ts";

/** The caller's batches, newest first. Throws InvalidCursorError. */
export async function listBatches(
  { store }: Pick<Services, "store">,
  { owner }: Caller,
  page: { limit: number; after?: string },
): Promise<Page<Batch>> {
  return store.listBatches({ ...page, owner });
}
