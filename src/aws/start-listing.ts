import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { Batch } from "../jobs/batch.ts";
import type { JobStore } from "../jobs/ports/index.ts";

export interface ListingOptions {
  client: SFNClient;
  stateMachineArn: string;
  store: JobStore;
}

/** Has Step Functions read a batch's source. The execution is named after the batch: a second start does nothing. */
export function makeStartListing({ client, stateMachineArn, store }: ListingOptions) {
  return async (batchId: string): Promise<void> => {
    const batch = await store.getBatch(batchId);
    if (!batch) return;
    const input = JSON.stringify(listingInput(batch));
    try {
      await client.send(new StartExecutionCommand({ stateMachineArn, name: batchId, input }));
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  };
}

function listingInput({ id, source }: Batch): Record<string, string | null> {
  if (source.kind === "prefix")
    return { batch_id: id, kind: "prefix", bucket: source.bucket, prefix: source.prefix };
  const { manifest, format, bucket } = source;
  return { batch_id: id, kind: format, bucket: manifest.bucket, key: manifest.key, items_bucket: bucket };
}
