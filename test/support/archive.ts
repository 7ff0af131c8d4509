import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { makeEnqueueArchiveHandler } from "../../functions/enqueue-archive/handler.ts";
import { BatchLister } from "../../local/listing/lister.ts";
import type { Batch } from "../../src/jobs/batch.ts";
import { type CreateBatchRequest, createBatch } from "../../src/jobs/batches/create-batch.ts";
import { DEFAULT_LIMITS } from "../../src/jobs/limits.ts";
import { parseTranscribeMessage, parseWebhookMessage } from "../../src/jobs/messages.ts";
import type { Log, Metrics } from "../../src/jobs/ports/index.ts";
import type { Services } from "../../src/jobs/services.ts";
import { DEFAULT_OPTIONS, type Transcription } from "../../src/jobs/transcription.ts";
import { afterEnd, claim, complete, fail } from "../../src/jobs/work/index.ts";
import { openDatabase } from "../../src/local/database.ts";
import { FolderBlobStore } from "../../src/local/folder-blob-store.ts";
import { randomIds } from "../../src/local/random-ids.ts";
import { SqliteJobStore } from "../../src/local/sqlite-job-store.ts";
import { SqliteQueue } from "../../src/local/sqlite-queue.ts";
import { transcriptOf } from "../src/formats/samples.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export const ANN = { owner: "ann", keyId: "ke_1" };
export const BUCKET = "scriptorium";
export const START = Date.parse("2026-05-01T08:00:00.000Z");
/** Seconds of every recording. */
export const DURATION = 60;

const MODEL = { name: "m", version: "1", languages: ["en"], license: "Apache-2.0", parameters: null };
const NO_METRICS: Metrics = {
  transcriptionEnded: () => {},
  transcribed: () => {},
  webhookAttempted: () => {},
  requestServed: () => {},
};

export interface Archive {
  services: Services;
  /** Of the bucket `tapes`, which is ann's. */
  folder: string;
  /** Of the service's bucket. */
  bucketFolder: string;
  clock: { ms: number };
  /** Names of the events that were logged. */
  events: string[];
}

/** The local adapters over a new database and new folders, with these files in the bucket `tapes`. */
export async function openArchive(files: Record<string, string | Uint8Array> = {}): Promise<Archive> {
  const root = await temporaryFolder();
  const folders: Record<string, string> = { [BUCKET]: join(root, "data"), tapes: join(root, "tapes") };
  for (const folder of Object.values(folders)) await mkdir(folder);
  await writeFiles(folders.tapes, files);
  const db = openDatabase(":memory:");
  onTestFinished(() => db.close());
  const clock = { ms: START };
  const events: string[] = [];
  const note = (event: string) => events.push(event);
  const log: Log = { info: note, warn: note, error: note };
  const now = { now: () => clock.ms };
  const queue = (name: string) => new SqliteQueue(db, { name, clock: now, deadLetters: null });
  const services: Services = {
    store: new SqliteJobStore(db),
    blobs: new FolderBlobStore({
      folderOf: async (bucket) => folders[bucket] ?? null,
      uploads: { baseUrl: () => "http://127.0.0.1", secret: new Uint8Array(32) },
      clock: now,
    }),
    queues: { transcribe: queue("transcribe"), archive: queue("archive"), webhooks: queue("webhooks") },
    clock: now,
    ids: randomIds,
    log,
    metrics: NO_METRICS,
    limits: DEFAULT_LIMITS,
    bucket: BUCKET,
    sourceBuckets: async (owner) => (owner === ANN.owner ? ["tapes", "gone"] : []),
    models: [MODEL],
    allowLocalWebhooks: () => true,
    startListing: async () => {},
  };
  return { services, folder: folders.tapes, bucketFolder: folders[BUCKET], clock, events };
}

export async function writeFiles(folder: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [key, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, key)), { recursive: true });
    await writeFile(join(folder, key), content);
  }
}

export function batchRequest(changes: Partial<CreateBatchRequest> = {}): CreateBatchRequest {
  return {
    name: null,
    source: { kind: "prefix", bucket: "tapes", prefix: "" },
    options: DEFAULT_OPTIONS,
    force: false,
    results: { place: "batch", formats: [] },
    metadata: {},
    deleteAfterSeconds: null,
    webhookUrl: null,
    ...changes,
  };
}

/** Create a batch of ann's and read its list to the end. */
export async function listedBatch(
  { services }: Archive,
  changes: Partial<CreateBatchRequest> = {},
): Promise<Batch> {
  const { record } = await createBatch(services, ANN, batchRequest(changes), null);
  await listWhole(services, record.id);
  return batchOf(services, record.id);
}

/** Run a lister on this batch until it has nothing left to do. */
export async function listWhole(services: Services, id: string, pageSize = 3): Promise<void> {
  const lister = new BatchLister({
    services,
    enqueue: makeEnqueueArchiveHandler(services),
    pageSize,
    retryDelaysMs: [],
  });
  lister.start(id);
  await vi.waitFor(
    async () => {
      const { state, listing } = await batchOf(services, id);
      if (!listing.done && state !== "failed") throw new Error(`It is ${state}`);
    },
    { interval: 2, timeout: 100_000 },
  );
  await lister.close();
}

export async function batchOf(services: Services, id: string): Promise<Batch> {
  const batch = await services.store.getBatch(id);
  if (!batch) throw new Error(`There is no batch ${id}`);
  return batch;
}

/** Every item of a batch, by key. */
export async function itemsOf(services: Services, batchId: string): Promise<Transcription[]> {
  const { items } = await services.store.listTranscriptions({ owner: ANN.owner, batchId, limit: 1000 });
  return items.toSorted((a, b) => (a.source.key < b.source.key ? -1 : 1));
}

/** What a worker does, without the speech: each recording that waits is done, `most` at most, or failed where `isBad` says so. */
export async function workThrough(
  services: Services,
  isBad: (key: string) => boolean = () => false,
  most = Number.POSITIVE_INFINITY,
): Promise<void> {
  const { archive } = services.queues;
  for (let done = 0; done < most; done++) {
    const [message] = await archive.receive({ most: 1, waitSeconds: 0, visibilitySeconds: 30 });
    if (!message) return;
    await workOn(services, parseTranscribeMessage(message.body)!.id, message.id, isBad);
    await archive.delete(message);
  }
}

async function workOn(services: Services, id: string, messageId: string, isBad: (key: string) => boolean) {
  const hold = { worker: "w", messageId };
  const claimed = await claim(services, id, hold, 60);
  if (claimed.kind === "ended") return afterEnd(services, claimed.record);
  if (claimed.kind !== "claimed") return;
  if (isBad(claimed.record.source.key))
    return fail(services, id, hold, { code: "no_audio", message: "It has no audio." });
  const audio = { sha256: "00", duration: DURATION, sample_rate: 16_000, channels: 1, codec: "mp3" };
  const model = { name: MODEL.name, version: MODEL.version, device: "cpu" as const };
  return complete(services, claimed.record, hold, transcriptOf([], { id, audio, model }));
}

/** The bodies of all messages of a queue, which is empty afterwards. */
export async function takeAll(
  services: Services,
  name: "transcribe" | "archive" | "webhooks",
): Promise<string[]> {
  const bodies: string[] = [];
  const queue = services.queues[name];
  for (;;) {
    const messages = await queue.receive({ most: 10, waitSeconds: 0, visibilitySeconds: 30 });
    if (messages.length === 0) return bodies;
    for (const message of messages) {
      bodies.push(message.body);
      await queue.delete(message);
    }
  }
}

/** Ids of the batches that webhook messages are about. */
export async function announcedBatches(services: Services): Promise<string[]> {
  const messages = (await takeAll(services, "webhooks")).map(parseWebhookMessage);
  return messages.filter((message) => message?.subject === "batch").map((message) => message!.id);
}

/** The whole text of an object of the service's bucket. */
export async function readObject(services: Services, key: string): Promise<string> {
  const { body } = await services.blobs.get({ bucket: BUCKET, key });
  const chunks = await Array.fromAsync(body);
  return Buffer.concat(chunks).toString();
}
