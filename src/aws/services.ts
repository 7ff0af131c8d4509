import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Log, Metrics, ModelSummary } from "../jobs/ports/index.ts";
import type { Services } from "../jobs/services.ts";
import { WEBHOOK_SLOTS } from "../jobs/webhooks/limited-post.ts";
import { DynamoJobStore } from "./dynamo-job-store.ts";
import { DynamoRateLimiter } from "./dynamo-rate-limiter.ts";
import { DynamoSlots } from "./dynamo-slots.ts";
import { S3BlobStore } from "./s3-blob-store.ts";
import type { AwsSettings } from "./settings.ts";
import { SqsQueue } from "./sqs-queue.ts";
import { makeStartListing } from "./start-listing.ts";
import { randomIds, systemClock } from "./system.ts";

export interface AwsServicesOptions {
  log: Log;
  metrics: Metrics;
  models?: readonly ModelSummary[];
  /** Of the state machine that reads the sources of batches; without it none can be started. */
  stateMachineArn?: string;
}

export interface AwsServices extends Services {
  queues: { transcribe: SqsQueue; archive: SqsQueue; webhooks: SqsQueue; events?: SqsQueue };
}

/** The services over S3, SQS and DynamoDB. Their clients are made here, once per process. */
export function awsServices(settings: AwsSettings, options: AwsServicesOptions): AwsServices {
  const { bucket, table, queues, sourceBuckets, limits, allowLocalWebhooks } = settings;
  const { log, metrics, models = [], stateMachineArn } = options;
  const sqs = new SQSClient();
  const store = new DynamoJobStore(documentClient(), table);
  return {
    store,
    blobs: s3BlobStore(bucket),
    queues: {
      transcribe: new SqsQueue({ client: sqs, name: "transcribe", url: queues.transcribe }),
      archive: new SqsQueue({ client: sqs, name: "archive", url: queues.archive }),
      webhooks: new SqsQueue({ client: sqs, name: "webhooks", url: queues.webhooks }),
      ...(queues.events && {
        events: new SqsQueue({ client: sqs, name: "events", url: queues.events }),
      }),
    },
    clock: systemClock,
    ids: randomIds,
    log,
    metrics,
    limits,
    bucket,
    sourceBuckets: async (owner) =>
      Object.entries(sourceBuckets).flatMap(([name, owners]) =>
        owners === "*" || owners.includes(owner) ? [name] : [],
      ),
    models,
    allowLocalWebhooks: () => allowLocalWebhooks,
    startListing:
      stateMachineArn === undefined
        ? () => Promise.reject(new Error("Batches cannot be started from here"))
        : makeStartListing({
            client: new SFNClient(),
            s3: s3Client(),
            ownBucket: bucket,
            stateMachineArn,
            store,
          }),
  };
}

export function awsRateLimiter({ table, limits }: AwsSettings): DynamoRateLimiter {
  const { requestsPerMinute } = limits;
  return new DynamoRateLimiter({
    client: documentClient(),
    tableName: table,
    requestsPerMinute,
    clock: systemClock,
  });
}

/** Of deliveries of webhooks; `perOwner`: so many of one owner's at once. */
export function awsWebhookSlots({ table }: AwsSettings, perOwner: number): DynamoSlots {
  const limits = { ...WEBHOOK_SLOTS, mostOfGroup: perOwner };
  return new DynamoSlots({ ...limits, client: documentClient(), tableName: table, clock: systemClock });
}

export function s3BlobStore(ownBucket: string): S3BlobStore {
  return new S3BlobStore({ client: s3Client(), presigner: s3Presigner(), ownBucket, clock: systemClock });
}

/** Unlike the other one it puts no checksum into a URL: it would be that of an empty body. */
function s3Presigner(): S3Client {
  return new S3Client({ forcePathStyle: true, requestChecksumCalculation: "WHEN_REQUIRED" });
}

/**
 * Buckets with dots in their names have no certificate of their own; one path style fits all, and stand-ins of S3. A
 * source may lie in another region, where S3 says so.
 */
export function s3Client(): S3Client {
  return new S3Client({ forcePathStyle: true, followRegionRedirects: true });
}

function documentClient(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient());
}
