import { onTestFinished } from "vitest";
import { type Batch, NO_COUNTS } from "../../../../src/jobs/batch.ts";
import { DEFAULT_LIMITS } from "../../../../src/jobs/limits.ts";
import { parseWebhookMessage } from "../../../../src/jobs/messages.ts";
import type { BlobStore } from "../../../../src/jobs/ports/index.ts";
import type { Services } from "../../../../src/jobs/services.ts";
import { DEFAULT_OPTIONS, type Transcription } from "../../../../src/jobs/transcription.ts";
import { newWebhook, startWebhook, type Webhook, type WebhookMessage } from "../../../../src/jobs/webhook.ts";
import { deliverWebhook } from "../../../../src/jobs/webhooks/deliver.ts";
import type { WebhookAnswer, WebhookPost, WebhookRequest } from "../../../../src/jobs/webhooks/post.ts";
import { openDatabase } from "../../../../src/local/database.ts";
import { randomIds } from "../../../../src/local/random-ids.ts";
import { nextVisibleAt } from "../../../../src/local/sqlite/messages.ts";
import { SqliteJobStore } from "../../../../src/local/sqlite-job-store.ts";
import { SqliteQueue } from "../../../../src/local/sqlite-queue.ts";

export const START = Date.UTC(2026, 0, 1);
export const URL_OF_APP = "https://app.example.com/hook";
export const caller = { owner: "acme", keyId: "ke_1" };

type Deliver = (services: Services, post: WebhookPost, message: WebhookMessage) => Promise<void>;

/** A store and a queue of their own, and a clock that moves only when it is told to. */
export function makeWorld() {
  const db = openDatabase(":memory:");
  onTestFinished(() => db.close());
  const clock = { time: START, now: () => clock.time };
  const queue = (name: string) => new SqliteQueue(db, { name, clock, deadLetters: `${name}-dead` });
  const logged: { event: string; fields: Record<string, unknown> }[] = [];
  const note = (event: string, fields: Record<string, unknown> = {}) => void logged.push({ event, fields });
  const outcomes: string[] = [];
  const services: Services = {
    store: new SqliteJobStore(db),
    blobs: {} as BlobStore,
    queues: { transcribe: queue("transcribe"), archive: queue("archive"), webhooks: queue("webhooks") },
    clock,
    ids: randomIds,
    log: { info: note, warn: note, error: note },
    metrics: {
      transcriptionEnded: () => undefined,
      transcribed: () => undefined,
      webhookAttempted: (outcome) => void outcomes.push(outcome),
      requestServed: () => undefined,
    },
    limits: DEFAULT_LIMITS,
    bucket: "service",
    sourceBuckets: async () => [],
    models: [],
    allowLocalWebhooks: () => false,
    startListing: async () => undefined,
  };
  /** Receive what is there, handle it, delete what was handled. What throws stays in flight. Returns how many. */
  async function handleVisible(post: WebhookPost, deliver: Deliver = deliverWebhook): Promise<number> {
    const { webhooks } = services.queues;
    const messages = await webhooks.receive({ most: 10, waitSeconds: 0, visibilitySeconds: 60 });
    for (const message of messages) {
      const parsed = parseWebhookMessage(message.body);
      if (!parsed) throw new Error(`no webhook message: ${message.body}`);
      await deliver(services, post, parsed).then(
        () => webhooks.delete(message),
        () => undefined,
      );
    }
    return messages.length;
  }
  /** Handle all there is, moving the clock to whatever comes next, until the queue is empty. */
  async function runUntilQuiet(post: WebhookPost, deliver?: Deliver): Promise<void> {
    for (let rounds = 0; rounds < 2000; rounds++) {
      if ((await handleVisible(post, deliver)) > 0) continue;
      const next = nextVisibleAt(db, "webhooks");
      if (next === null) return;
      clock.time = Math.max(clock.time, next);
    }
    throw new Error("the queue never empties");
  }
  /** The messages that wait, with the seconds until they are seen. */
  function waiting(): { attempt: number; inSeconds: number }[] {
    const sql = "SELECT body, visible_at FROM messages WHERE queue = 'webhooks' ORDER BY visible_at";
    return db
      .prepare(sql)
      .all()
      .map(({ body, visible_at }) => ({
        attempt: parseWebhookMessage(String(body))?.attempt ?? Number.NaN,
        inSeconds: (Number(visible_at) - clock.time) / 1000,
      }));
  }
  async function webhookOf(record: { id: string }): Promise<Webhook> {
    const found = await (record.id.startsWith("tr_")
      ? services.store.getTranscription(record.id)
      : services.store.getBatch(record.id));
    if (!found?.webhook) throw new Error(`no webhook on ${record.id}`);
    return found.webhook;
  }
  async function addTranscription(changes: Partial<Transcription> = {}): Promise<Transcription> {
    const record = transcription(changes);
    await services.store.createTranscription(record, { now: record.createdAt });
    return record;
  }
  async function addBatch(changes: Partial<Batch> = {}): Promise<Batch> {
    const record = batch(changes);
    await services.store.createBatch(record, { now: record.createdAt });
    return record;
  }
  const disabledEndpoints = async () => (await services.store.getOwner("acme"))?.disabledEndpoints ?? [];
  return {
    services,
    clock,
    logged,
    outcomes,
    handleVisible,
    runUntilQuiet,
    waiting,
    webhookOf,
    addTranscription,
    addBatch,
    disabledEndpoints,
  };
}

export type World = ReturnType<typeof makeWorld>;

/** Answers in turn, the last one over and over; errors are thrown. */
export function scriptedPost(...script: (number | WebhookAnswer | Error)[]) {
  const requests: WebhookRequest[] = [];
  const post: WebhookPost = async (request) => {
    const step = script[Math.min(requests.length, script.length - 1)];
    requests.push(request);
    if (step instanceof Error) throw step;
    return typeof step === "number" ? { status: step, retryAfter: null } : step;
  };
  return { post, requests };
}

export function pendingWebhook(changes: Partial<Webhook> = {}): Webhook {
  const now = new Date(START).toISOString();
  return { ...startWebhook(newWebhook(URL_OF_APP, randomIds.create("ev")), now), ...changes };
}

/** Completed, its webhook pending. */
export function transcription(changes: Partial<Transcription> = {}): Transcription {
  const now = new Date(START).toISOString();
  return {
    id: randomIds.create("tr"),
    owner: "acme",
    revision: 1,
    state: "completed",
    createdAt: now,
    times: { completed: now },
    source: { bucket: "service", key: "uploads/a.wav" },
    sourceEtag: null,
    origin: "upload",
    fileName: "a.wav",
    contentType: null,
    uploadExpiresAt: null,
    options: DEFAULT_OPTIONS,
    metadata: { call: "7" },
    deleteAfterSeconds: null,
    dueAt: null,
    batchId: null,
    queue: "transcribe",
    progress: 1,
    attempts: 1,
    lease: null,
    error: null,
    model: null,
    audio: { sha256: "00", duration: 12.5, sampleRate: 16000, channels: 1, codec: "pcm_s16le" },
    results: [],
    doneKey: null,
    webhook: pendingWebhook(),
    ...changes,
  };
}

export function batch(changes: Partial<Batch> = {}): Batch {
  const now = new Date(START).toISOString();
  return {
    id: randomIds.create("ba"),
    owner: "acme",
    revision: 1,
    state: "completed",
    createdAt: now,
    times: { completed: now },
    name: null,
    source: { kind: "prefix", bucket: "archive", prefix: "" },
    options: DEFAULT_OPTIONS,
    metadata: { archive: "1998" },
    force: false,
    results: { place: "batch", formats: [] },
    deleteAfterSeconds: null,
    listing: { cursor: null, done: true },
    counts: NO_COUNTS,
    audioSeconds: 0,
    error: null,
    summaryKey: null,
    webhook: pendingWebhook(),
    ...changes,
  };
}
