import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { parseTranscript, type Transcript } from "../../../src/formats/index.ts";
import { DEFAULT_LIMITS, type Limits } from "../../../src/jobs/limits.ts";
import { resultKey } from "../../../src/jobs/object-keys.ts";
import type { Clock, Log, Queue } from "../../../src/jobs/ports/index.ts";
import type { Services } from "../../../src/jobs/services.ts";
import type { Transcription } from "../../../src/jobs/transcription.ts";
import { openDatabase } from "../../../src/local/database.ts";
import { FolderBlobStore } from "../../../src/local/folder-blob-store.ts";
import { randomIds } from "../../../src/local/random-ids.ts";
import { SqliteJobStore } from "../../../src/local/sqlite-job-store.ts";
import { SqliteQueue } from "../../../src/local/sqlite-queue.ts";
import { systemClock } from "../../../src/local/system-clock.ts";

export const OWNER = "ada";
export const BUCKET = "service";
export const ARCHIVE = "tapes";

export interface Entry {
  event: string;
  fields: Record<string, unknown>;
}

/** Services over a real SQLite file and a real folder, as any process of a test can open them. */
export interface World {
  services: Services;
  db: DatabaseSync;
  dead: Queue;
  logged: Entry[];
  /** What the metrics heard: state and code. */
  ended: string[];
}

export interface WorldOptions {
  database: string;
  /** Holds the buckets. */
  folder: string;
  clock?: Clock;
  limits?: Partial<Limits>;
  maxReceives?: number;
}

export function openWorld({
  database,
  folder,
  clock = systemClock,
  limits,
  maxReceives = 5,
}: WorldOptions): World {
  const db = openDatabase(database);
  for (const bucket of [BUCKET, ARCHIVE]) mkdirSync(join(folder, bucket), { recursive: true });
  const queue = (name: string, deadLetters: string | null) =>
    new SqliteQueue(db, { name, clock, maxReceives, deadLetters });
  const logged: Entry[] = [];
  const ended: string[] = [];
  const services: Services = {
    store: new SqliteJobStore(db),
    blobs: new FolderBlobStore({
      folderOf: async (bucket) => (bucket === BUCKET || bucket === ARCHIVE ? join(folder, bucket) : null),
      uploads: { baseUrl: () => "http://uploads.test", secret: new Uint8Array(32) },
      clock,
    }),
    queues: {
      transcribe: queue("transcribe", "dead"),
      archive: queue("archive", "dead"),
      webhooks: queue("webhooks", null),
    },
    clock,
    ids: randomIds,
    log: keep(logged),
    metrics: {
      transcriptionEnded: (state, code) => void ended.push([state, code].filter(Boolean).join(" ")),
      transcribed: () => {},
      webhookAttempted: () => {},
      requestServed: () => {},
    },
    limits: { ...DEFAULT_LIMITS, ...limits },
    bucket: BUCKET,
    sourceBuckets: async () => [ARCHIVE],
    models: [{ name: "u2pp", version: "1", languages: ["en"], license: null, parameters: null }],
    allowLocalWebhooks: () => true,
    startListing: async () => {},
  };
  return { services, db, dead: queue("dead", null), logged, ended };
}

export async function recordOf({ services }: World, id: string): Promise<Transcription> {
  const record = await services.store.getTranscription(id);
  if (!record) throw new Error(`there is no ${id}`);
  return record;
}

export async function textOfBlob({ services }: World, key: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await services.blobs.get({ bucket: BUCKET, key })).body) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}

export async function transcriptOf(world: World, id: string): Promise<Transcript> {
  return parseTranscript(await textOfBlob(world, resultKey(id)));
}

/** Bodies of all that waits in a queue. They stay there, out of sight. */
export async function bodiesOf(queue: Queue): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const messages = await queue.receive({ most: 10, waitSeconds: 0, visibilitySeconds: 600 });
    if (messages.length === 0) return bodies;
    bodies.push(...messages.map(({ body }) => body));
  }
}

/** Messages of a queue, wherever they are: waiting, delayed, in hand. */
export async function messagesIn(queue: Queue): Promise<number> {
  const { visible, inFlight, delayed } = await queue.depth();
  return visible + inFlight + delayed;
}

function keep(entries: Entry[]): Log {
  const log = (event: string, fields: Record<string, unknown> = {}) => void entries.push({ event, fields });
  return { info: log, warn: log, error: log };
}
