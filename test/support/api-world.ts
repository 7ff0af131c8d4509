import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { serve } from "@hono/node-server";
import { onTestFinished } from "vitest";
import { createApi } from "../../functions/api/app.ts";
import type { Api, ApiOptions } from "../../functions/api/environment.ts";
import { DEFAULT_LIMITS, type Limits } from "../../src/jobs/limits.ts";
import type { Log, Metrics } from "../../src/jobs/ports/index.ts";
import type { Services } from "../../src/jobs/services.ts";
import { createKey } from "../../src/jobs/use-cases/keys.ts";
import { acceptUpload, claim, complete, fail } from "../../src/jobs/work/index.ts";
import { openDatabase } from "../../src/local/database.ts";
import { FolderBlobStore } from "../../src/local/folder-blob-store.ts";
import { MemoryRateLimiter } from "../../src/local/memory-rate-limiter.ts";
import { randomIds } from "../../src/local/random-ids.ts";
import { SqliteJobStore } from "../../src/local/sqlite-job-store.ts";
import { SqliteQueue } from "../../src/local/sqlite-queue.ts";
import { speak, transcriptOf } from "../src/formats/samples.ts";
import { ManualClock } from "../src/local/manual-clock.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const HOLD = { worker: "w", messageId: "m" };

/** The API over real SQLite and real folders. `ann` may read the bucket `tapes`; `bob` may read none. */
export interface ApiWorld {
  app: Api;
  services: Services;
  clock: ManualClock;
  /** API keys by owner. */
  keys: { ann: string; bob: string };
  /** What was logged, with its level and event. */
  logged: Record<string, unknown>[];
  /** What `metrics.requestServed` was told. */
  served: { method: string; route: string; status: number; seconds: number }[];
  /** Batches whose source was to be read. */
  listed: string[];
}

export async function apiWorld(
  limits: Partial<Limits> = {},
  change: (services: Services) => Partial<Services> = () => ({}),
  options: Pick<ApiOptions, "pause" | "render" | "forms" | "page"> = {},
): Promise<ApiWorld> {
  const db = openDatabase(":memory:");
  onTestFinished(() => db.close());
  const root = await temporaryFolder();
  const folders: Record<string, string> = { service: join(root, "service"), tapes: join(root, "tapes") };
  for (const folder of Object.values(folders)) await mkdir(folder);
  await put(join(folders.tapes, "2019/a.wav"), "RIFF");
  await put(join(folders.tapes, "list.csv"), "2019/a.wav\n");
  await put(join(folders.service, "inbox/ann/b.wav"), "RIFF");
  await put(join(folders.service, "inbox/bob/c.wav"), "RIFF");
  const clock = new ManualClock();
  const logged: ApiWorld["logged"] = [];
  const served: ApiWorld["served"] = [];
  const listed: string[] = [];
  const queue = (name: string) => new SqliteQueue(db, { name, clock, deadLetters: null });
  const basic: Services = {
    store: new SqliteJobStore(db),
    blobs: new FolderBlobStore({
      folderOf: async (bucket) => (Object.hasOwn(folders, bucket) ? folders[bucket] : null),
      uploads: { baseUrl: () => "http://uploads.test", secret: new Uint8Array(32) },
      clock,
    }),
    queues: { transcribe: queue("transcribe"), archive: queue("archive"), webhooks: queue("webhooks") },
    clock,
    ids: randomIds,
    log: collectingLog(logged),
    metrics: { ...NO_METRICS, requestServed: (figures) => served.push(figures) },
    limits: { ...DEFAULT_LIMITS, ...limits },
    bucket: "service",
    sourceBuckets: async (owner) => (owner === "ann" ? ["tapes"] : []),
    models: [{ name: "m", version: "1", languages: ["en"], license: "Apache-2.0", parameters: null }],
    allowLocalWebhooks: () => false,
    startListing: async (id) => void listed.push(id),
  };
  const services = { ...basic, ...change(basic) };
  const { requestsPerMinute } = services.limits;
  const rateLimiter = new MemoryRateLimiter({ requestsPerMinute, clock });
  const app = createApi(services, { rateLimiter, version: "1.2.3", ...options });
  const keys = { ann: await keyOf(basic, "ann"), bob: await keyOf(basic, "bob") };
  return { app, services, clock, keys, logged, served, listed };
}

/** Its address, `http://127.0.0.1:…`, until the test ends. */
export async function listen({ app }: Pick<ApiWorld, "app">): Promise<string> {
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) =>
      resolve(`http://127.0.0.1:${port}`),
    );
    onTestFinished(
      () =>
        new Promise<void>((done) => {
          server.close(() => done());
          // One that was refused halfway stays open for seconds.
          if ("closeAllConnections" in server) server.closeAllConnections();
        }),
    );
  });
}

/** What a worker does: the upload arrives, and it is transcribed. */
export async function transcribe({ services }: Pick<ApiWorld, "services">, id: string): Promise<void> {
  await begin(services, id);
  await complete(services, (await services.store.getTranscription(id))!, HOLD, {
    ...transcriptOf([{ words: speak("hello there") }]),
    id,
  });
}

export async function failTranscription({ services }: Pick<ApiWorld, "services">, id: string): Promise<void> {
  await begin(services, id);
  await fail(services, id, HOLD, { code: "no_audio", message: "There is no audio in it." });
}

async function begin(services: Services, id: string): Promise<void> {
  const record = await services.store.getTranscription(id);
  if (record?.state === "awaiting_upload") {
    await services.blobs.put(record.source, "RIFF");
    await acceptUpload(services, record);
  }
  await claim(services, id, HOLD, 60);
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function keyOf(services: Services, owner: string): Promise<string> {
  return (await createKey(services, { owner, name: "test" })).secret;
}

const NO_METRICS: Metrics = {
  transcriptionEnded: () => {},
  transcribed: () => {},
  webhookAttempted: () => {},
  requestServed: () => {},
};

function collectingLog(lines: Record<string, unknown>[]): Log {
  const add =
    (level: string) =>
    (event: string, fields: Record<string, unknown> = {}) =>
      void lines.push({ level, event, ...fields });
  return { info: add("info"), warn: add("warn"), error: add("error") };
}
