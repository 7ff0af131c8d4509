import { readFileSync } from "node:fs";
import { BUNDLED_MODEL } from "../../e2e/support/local-service.ts";
import {
  announceObjects,
  createBucket,
  createQueue,
  createQueueWithDeadLetters,
  createTable,
} from "../../support/aws-resources.ts";

/** The stack's resources, and the environment that its parts find them by. */
export interface Account {
  bucket: string;
  queues: { transcribe: string; archive: string; webhooks: string; transcribeDead: string; arrivals: string };
  environment: Record<string, string>;
}

/** For the entries in this process: what they print is not looked at. */
const QUIET = { POWERTOOLS_LOG_LEVEL: "SILENT", POWERTOOLS_METRICS_DISABLED: "true" };

const STATE_MACHINE_ARN = "arn:aws:states:eu-central-1:123456789012:stateMachine:archive";

/** Has process.env too, for the entries that are imported into this process. */
export async function openAccount({
  maxReceiveCount = 5,
  direct = true,
  ...changes
}: {
  maxReceiveCount?: number;
  /** Whether S3's events go to the workers themselves, as they do where accept-arrivals fails. */
  direct?: boolean;
  SCRIPTORIUM_SOURCE_BUCKETS?: string;
} = {}): Promise<Account> {
  const bucket = await createBucket();
  const table = await createTable();
  const transcribe = await createQueueWithDeadLetters(maxReceiveCount);
  const archive = await createQueueWithDeadLetters(maxReceiveCount);
  const webhooks = await createQueue();
  // In place of a topic, which moto's S3 does not know of.
  const arrivals = await createQueue();
  await announceObjects(bucket, direct ? transcribe.url : arrivals);
  const { name, version, languages, license, parameters } = JSON.parse(
    readFileSync(`${BUNDLED_MODEL}/model.json`, "utf8"),
  );
  const environment = {
    SCRIPTORIUM_BUCKET: bucket,
    SCRIPTORIUM_TABLE: table,
    SCRIPTORIUM_TRANSCRIBE_QUEUE_URL: transcribe.url,
    SCRIPTORIUM_ARCHIVE_QUEUE_URL: archive.url,
    SCRIPTORIUM_WEBHOOKS_QUEUE_URL: webhooks,
    SCRIPTORIUM_SOURCE_BUCKETS: "{}",
    SCRIPTORIUM_ARCHIVE_STATE_MACHINE_ARN: STATE_MACHINE_ARN,
    SCRIPTORIUM_MODEL_FACTS: JSON.stringify([{ name, version, languages, license, parameters }]),
    SCRIPTORIUM_ALLOW_LOCAL_WEBHOOKS: "true",
    SCRIPTORIUM_WEBHOOKS_PER_OWNER: "10",
    ...changes,
  };
  Object.assign(process.env, environment, QUIET);
  const queues = {
    transcribe: transcribe.url,
    archive: archive.url,
    webhooks,
    transcribeDead: transcribe.deadUrl,
    arrivals,
  };
  return { bucket, queues, environment };
}
