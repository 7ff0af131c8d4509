import { HeadBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { Batch } from "../jobs/batch.ts";
import type { JobStore } from "../jobs/ports/index.ts";
import { isMissing } from "./s3/errors.ts";

export interface ListingOptions {
  client: SFNClient;
  s3: S3Client;
  /** The service's. */
  ownBucket: string;
  stateMachineArn: string;
  store: JobStore;
}

/** Has Step Functions read a batch's source. The execution is named after the batch: a second start does nothing. */
export function makeStartListing({ client, s3, ownBucket, stateMachineArn, store }: ListingOptions) {
  return async (batchId: string): Promise<void> => {
    const batch = await store.getBatch(batchId);
    if (!batch) return;
    const input = listingInput(batch);
    const isNear = input.bucket === ownBucket || (await isNearby(s3, input.bucket, stateMachineArn));
    const execution = {
      stateMachineArn,
      name: batchId,
      input: JSON.stringify(isNear ? input : farAway(input)),
    };
    try {
      await client.send(new StartExecutionCommand(execution));
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  };
}

type ListingInput = { batch_id: string; kind: string; bucket: string } & Record<string, string | null>;

function listingInput({ id, source }: Batch): ListingInput {
  if (source.kind === "prefix")
    return { batch_id: id, kind: "prefix", bucket: source.bucket, prefix: source.prefix };
  const { manifest, format, bucket } = source;
  return { batch_id: id, kind: format, bucket: manifest.bucket, key: manifest.key, items_bucket: bucket };
}

/**
 * Step Functions reads lists in buckets of its own account and region only. Others it has brought into the service's
 * bucket by functions/list-source first.
 */
function farAway(input: ListingInput): Record<string, string | number | null> {
  const far = { ...input, kind: `far_${input.kind}` };
  return input.kind === "prefix" ? { ...far, after: "", part: 0 } : far;
}

/**
 * False too where S3 does not tell: reading it by a function of our own works for every bucket. Of one that is not there
 * Step Functions says so.
 */
async function isNearby(s3: S3Client, Bucket: string, stateMachineArn: string): Promise<boolean> {
  const [, , , region, account] = stateMachineArn.split(":");
  try {
    const { BucketRegion } = await s3.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner: account }));
    return BucketRegion === region;
  } catch (error) {
    return isMissing(error);
  }
}
