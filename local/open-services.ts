import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import type { ModelPack } from "../src/asr/index.ts";
import type { Limits } from "../src/jobs/limits.ts";
import type { Clock, Log, ModelSummary, Queue } from "../src/jobs/ports/index.ts";
import type { Services } from "../src/jobs/services.ts";
import { openDatabase } from "../src/local/database.ts";
import { FolderBlobStore } from "../src/local/folder-blob-store.ts";
import { randomIds } from "../src/local/random-ids.ts";
import { SqliteJobStore } from "../src/local/sqlite-job-store.ts";
import { SqliteQueue } from "../src/local/sqlite-queue.ts";
import { DEFAULT_OWNER } from "./access.ts";
import { BLOBS_FOLDER, DATABASE_FILE } from "./data-folder.ts";
import { MachineHealth } from "./health.ts";
import { PrometheusMetrics } from "./prometheus-metrics.ts";
import { LOCAL_BUCKET, SourceFolders } from "./sources.ts";

/** In flight at once: an owner whose endpoints all hang keeps no other waiting. */
const WEBHOOKS_OF_OWNER = 8;

export interface OpenServicesOptions {
  /** Must exist: see openDataFolder. */
  dataFolder: string;
  limits: Limits;
  clock: Clock;
  log: Log;
  model: ModelPack["manifest"];
  /** Owners whose webhooks may go to this machine itself; `*`: all. Default: the one of the first key. */
  localWebhooks?: readonly string[] | "*";
  /** Signs upload URLs. */
  uploadSecret: Uint8Array;
  /** Where the server is reached, once it is known. */
  baseUrl: () => string;
  startListing: (batchId: string) => Promise<void>;
}

/** The services over one SQLite file and a folder, and what of them is known on this machine only. */
export interface OpenedServices {
  services: Services;
  metrics: PrometheusMetrics;
  /** What comes back too often ends here, for fail-dead-letters. */
  deadLetters: Queue[];
  /** The service's bucket on disk. */
  bucketFolder: string;
  /** The same as `services.blobs`, which upload routes write to. */
  folders: FolderBlobStore;
  health: MachineHealth;
  db: DatabaseSync;
}

export function openServices(options: OpenServicesOptions): OpenedServices {
  const { dataFolder, clock, log, limits, localWebhooks = [DEFAULT_OWNER] } = options;
  const db = openDatabase(join(dataFolder, DATABASE_FILE));
  const bucketFolder = join(dataFolder, BLOBS_FOLDER);
  const sources = new SourceFolders(db);
  const queue = (name: string, deadLetters: string | null, mostOfOwner?: number) =>
    new SqliteQueue(db, { name, clock, deadLetters, ...(mostOfOwner !== undefined && { mostOfOwner }) });
  const queues = {
    transcribe: queue("transcribe", "transcribe-dead"),
    archive: queue("archive", "archive-dead"),
    // Never given up: the record says when an endpoint has failed often enough.
    webhooks: queue("webhooks", null, WEBHOOKS_OF_OWNER),
  };
  const deadLetters = [queue("transcribe-dead", null), queue("archive-dead", null)];
  const metrics = new PrometheusMetrics([...Object.values(queues), ...deadLetters]);
  const folders = new FolderBlobStore({
    folderOf: async (bucket) => (bucket === LOCAL_BUCKET ? bucketFolder : sources.folderOf(bucket)),
    uploads: { baseUrl: options.baseUrl, secret: options.uploadSecret },
    clock,
  });
  const services: Services = {
    store: new SqliteJobStore(db),
    blobs: folders,
    queues,
    clock,
    ids: randomIds,
    log,
    metrics,
    limits,
    bucket: LOCAL_BUCKET,
    sourceBuckets: async (owner) => sources.bucketsOf(owner),
    models: [summarise(options.model)],
    allowLocalWebhooks: (owner) => localWebhooks === "*" || localWebhooks.includes(owner),
    startListing: options.startListing,
  };
  return {
    services,
    metrics,
    deadLetters,
    bucketFolder,
    folders,
    health: new MachineHealth(bucketFolder),
    db,
  };
}

function summarise(manifest: ModelPack["manifest"]): ModelSummary {
  const { name, version, languages, license } = manifest;
  return { name, version, languages, license: license ?? null, parameters: parametersOf(manifest) };
}

/** Exporters write them; older packs may not have them. */
function parametersOf({ parameters }: ModelPack["manifest"]): ModelSummary["parameters"] {
  if (typeof parameters !== "object" || parameters === null) return null;
  const { total, active } = parameters as Record<string, unknown>;
  return typeof total === "number" && typeof active === "number" ? { total, active } : null;
}
