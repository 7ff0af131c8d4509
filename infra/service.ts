import type { ModelSummary } from "../src/jobs/ports/model-catalog.ts";
import type { Queues } from "./queues.ts";
import { limitsEnvironment, type Settings } from "./settings.ts";
import type { Sources } from "./sources.ts";
import type { Storage } from "./storage.ts";

/** What every part is made of: the settings, where things lie, and where they wait. */
export interface Service {
  props: Settings;
  model: ModelSummary;
  storage: Storage;
  queues: Queues;
  sources: Sources;
}

/** What functions and workers read of their surroundings. */
export function serviceEnvironment({
  props,
  model,
  storage,
  queues,
  sources,
}: Service): Record<string, string> {
  return {
    // In the dimensions of metrics.
    SCRIPTORIUM_STACK: props.name,
    SCRIPTORIUM_BUCKET: storage.bucket.bucketName,
    SCRIPTORIUM_TABLE: storage.table.tableName,
    SCRIPTORIUM_TRANSCRIBE_QUEUE_URL: queues.transcribe.queueUrl,
    SCRIPTORIUM_ARCHIVE_QUEUE_URL: queues.archive.queueUrl,
    SCRIPTORIUM_WEBHOOKS_QUEUE_URL: queues.webhooks.queueUrl,
    ...(queues.events && { SCRIPTORIUM_EVENTS_QUEUE_URL: queues.events.queueUrl }),
    SCRIPTORIUM_SOURCE_BUCKETS: sources.environment,
    SCRIPTORIUM_MODEL_FACTS: JSON.stringify([model]),
    ...limitsEnvironment(props.limits),
  };
}
