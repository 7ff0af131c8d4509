import { z } from "zod";
import { enqueueItems } from "../../src/jobs/batches/enqueue-items.ts";
import type { Services } from "../../src/jobs/services.ts";
import { toBatchItem } from "./row.ts";

/** What the Distributed Map of Step Functions hands over: some items of its list, and which batch they are of. */
const EVENT = z.object({
  BatchInput: z.object({ batch_id: z.string() }),
  Items: z.array(z.unknown()),
});

export type EnqueueArchiveEvent = z.infer<typeof EVENT>;
export type EnqueueArchiveHandler = (event: EnqueueArchiveEvent) => Promise<void>;

/** Queues the items of a batch. Throws ZodError for another event; rows that make no sense become failed items. */
export function makeEnqueueArchiveHandler(services: Services): EnqueueArchiveHandler {
  return async (event) => {
    const { BatchInput, Items } = EVENT.parse(event);
    const items = Items.map(toBatchItem).filter((item) => item !== null);
    await enqueueItems(services, BatchInput.batch_id, items);
  };
}
