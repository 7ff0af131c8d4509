import type { ModelSummary } from "../src/jobs/ports/model-catalog.ts";
import { limitsEnvironment, type ScriptoriumProps } from "./props.ts";
import type { Queues } from "./queues.ts";
import type { Storage } from "./storage.ts";

/** What every part is made of: the settings, where things lie, and where they wait. */
export interface Service {
  props: ScriptoriumProps;
  model: ModelSummary;
  storage: Storage;
  queues: Queues;
}

/** What functions and workers read of their surroundings. */
export function serviceEnvironment({ props, model, storage, queues }: Service): Record<string, string> {
  return {
    // In the dimensions of metrics.
    SCRIPTORIUM_STACK: props.name,
    SCRIPTORIUM_BUCKET: storage.bucket.bucketName,
    SCRIPTORIUM_TABLE: storage.table.tableName,
    SCRIPTORIUM_TRANSCRIBE_QUEUE_URL: queues.transcribe.queueUrl,
    SCRIPTORIUM_ARCHIVE_QUEUE_URL: queues.archive.queueUrl,
    SCRIPTORIUM_WEBHOOKS_QUEUE_URL: queues.webhooks.queueUrl,
    SCRIPTORIUM_SOURCE_BUCKETS: JSON.stringify(props.sourceBuckets),
    SCRIPTORIUM_MODEL_FACTS: JSON.stringify([model]),
    ...limitsEnvironment(props.limits),
  };
}
