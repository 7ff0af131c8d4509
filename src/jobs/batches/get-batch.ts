import type { Batch } from "../batch.ts";
import type { Caller } from "../owner.ts";
import type { Services } from "../services.ts";
import { findBatch } from "../use-cases/find.ts";

/** The batch with its counts as they stand. Throws NotFoundError. */
export async function getBatch(services: Services, caller: Caller, id: string): Promise<Batch> {
  return findBatch(services, caller, id);
}
