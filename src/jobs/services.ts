import type { Limits } from "./limits.ts";
import type { BlobStore, Clock, Ids, JobStore, Log, Metrics, ModelSummary, Queue } from "./ports/index.ts";

/** All that use cases reach the world through. Made once per process by whoever deploys them. */
export interface Services {
  store: JobStore;
  blobs: BlobStore;
  queues: {
    transcribe: Queue;
    archive: Queue;
    webhooks: Queue;
    /** What ended, for whoever listens to the account's events; absent where nobody asked for it. */
    events?: Queue;
  };
  clock: Clock;
  ids: Ids;
  log: Log;
  metrics: Metrics;
  limits: Limits;
  /** Of uploads, inbox, results and batches. */
  bucket: string;
  /** Buckets that this owner may name as a source, besides inbox/{owner}/ of the service's own. */
  sourceBuckets(owner: string): Promise<readonly string[]>;
  /** The first is the one in use. */
  models: readonly ModelSummary[];
  /** Whether this owner's webhooks may go to loopback, by http as well: on a laptop, for whom its operator lets. */
  allowLocalWebhooks(owner: string): boolean;
  /** http on loopback for recordings that are fetched; default: public addresses alone. For tests. */
  allowLocalSources?: boolean;
  /** Begin to read the source of a batch, or go on with it: in this process or another. */
  startListing(batchId: string): Promise<void>;
}

/** ISO 8601 UTC with milliseconds, now. */
export function timestamp(clock: Clock, laterSeconds = 0): string {
  return new Date(clock.now() + laterSeconds * 1000).toISOString();
}
