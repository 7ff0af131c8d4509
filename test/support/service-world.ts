import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { silentLog } from "../../local/log.ts";
import { DEFAULT_LIMITS, type Limits } from "../../src/jobs/limits.ts";
import type { Metrics, ModelSummary } from "../../src/jobs/ports/index.ts";
import type { Services } from "../../src/jobs/services.ts";
import { openDatabase } from "../../src/local/database.ts";
import { FolderBlobStore } from "../../src/local/folder-blob-store.ts";
import { randomIds } from "../../src/local/random-ids.ts";
import { SqliteJobStore } from "../../src/local/sqlite-job-store.ts";
import { SqliteQueue } from "../../src/local/sqlite-queue.ts";
import { ManualClock } from "../src/local/manual-clock.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const MODEL: ModelSummary = {
  name: "test-model",
  version: "1.0.0",
  languages: ["en"],
  license: null,
  parameters: null,
};

/** Services over real SQLite and a real folder, with time in the test's hands. */
export interface ServiceWorld {
  services: Services;
  clock: ManualClock;
  /** The service's bucket on disk. */
  folder: string;
  /** Names of the metrics counted so far, with their first argument. */
  counted: string[];
}

export async function serviceWorld(limits: Partial<Limits> = {}): Promise<ServiceWorld> {
  const db = openDatabase(":memory:");
  onTestFinished(() => db.close());
  const folder = join(await temporaryFolder(), "bucket");
  await mkdir(folder);
  const clock = new ManualClock();
  const queue = (name: string) => new SqliteQueue(db, { name, clock, deadLetters: null });
  const counted: string[] = [];
  const services: Services = {
    store: new SqliteJobStore(db),
    blobs: new FolderBlobStore({
      folderOf: async (bucket) => (bucket === "service" ? folder : null),
      uploads: { baseUrl: () => "http://uploads.test", secret: new Uint8Array(32) },
      clock,
    }),
    queues: { transcribe: queue("transcribe"), archive: queue("archive"), webhooks: queue("webhooks") },
    clock,
    ids: randomIds,
    log: silentLog,
    metrics: countingMetrics(counted),
    limits: { ...DEFAULT_LIMITS, ...limits },
    bucket: "service",
    sourceBuckets: async () => [],
    models: [MODEL],
    allowLocalWebhooks: () => true,
    startListing: async () => {},
  };
  return { services, clock, folder, counted };
}

function countingMetrics(counted: string[]): Metrics {
  return {
    transcriptionEnded: (state, code) => counted.push([state, code].filter(Boolean).join(" ")),
    transcribed: () => counted.push("transcribed"),
    webhookAttempted: (outcome) => counted.push(`webhook ${outcome}`),
    requestServed: ({ route, status }) => counted.push(`${route} ${status}`),
  };
}
