import type { Batch } from "../batch.ts";
import type { Caller } from "../owner.ts";
import type { Page } from "../ports/job-store.ts";
import type { Services } from "../services.ts";
import { pageOfBytes } from "../use-cases/page-bytes.ts";

/** The caller's batches, newest first; fewer than asked for where they are large. Throws InvalidCursorError. */
export async function listBatches(
  { store }: Pick<Services, "store">,
  { owner }: Caller,
  page: { limit: number; after?: string },
): Promise<Page<Batch>> {
  return pageOfBytes(page, (limit, after) =>
    store.listBatches({ owner, limit, ...(after !== undefined && { after }) }),
  );
}
