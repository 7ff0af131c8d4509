import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { seededRandom } from "../../bench/random.ts";
import { makeEnqueueArchiveHandler } from "../../functions/enqueue-archive/handler.ts";
import { makeFinishListingHandler } from "../../functions/finish-listing/handler.ts";
import { silentLog } from "../../local/log.ts";
import { awsServices } from "../../src/aws/services.ts";
import { readAwsSettings } from "../../src/aws/settings.ts";
import { NO_COUNTS } from "../../src/jobs/batch.ts";
import { createBatch } from "../../src/jobs/batches/create-batch.ts";
import type { BlobFacts } from "../../src/jobs/ports/index.ts";
import { makeS3Event } from "../../src/jobs/s3-events.ts";
import type { Services } from "../../src/jobs/services.ts";
import { isTerminal } from "../../src/jobs/transcription.ts";
import { createTranscription } from "../../src/jobs/use-cases/create-transcription.ts";
import { receiveWebhooks } from "../e2e/support/webhook-receiver.ts";
import { batchRequest } from "../support/archive.ts";
import { createBucket } from "../support/aws-resources.ts";
import { describeWithMoto } from "../support/moto.ts";
import { transcriptionRequest } from "../support/transcription-request.ts";
import { readWorkerImage } from "../support/worker-image.ts";
import { openAccount } from "./support/account.ts";
import { feed } from "./support/event-source.ts";
import { startHeldS3 } from "./support/held-s3.ts";
import { NO_METRICS } from "./support/no-metrics.ts";
import { startWorker } from "./support/worker-process.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const UTTERANCES = join(ROOT, "test/fixtures/utterances");
const ADA = { owner: "ada", keyId: "ke_1" };
const UPLOADS = 20;
const ITEMS = 10;
const KILLS = 4;
/** Fresh ones for each worker: it has something to be killed over. */
const UPLOADS_EACH = UPLOADS / (KILLS + 1);
const SEED = 20_240_416;
const PATIENTLY = { timeout: 120_000, interval: 250 };

describeWithMoto("a worker that is killed again and again, against moto:", (moto) => {
  test("loses nothing and counts nothing twice, though every event comes twice", {
    timeout: 400_000,
  }, async () => {
    const archive = await createBucket();
    const account = await openAccount({
      // How often a message was received is not what this is about.
      maxReceiveCount: 100,
      SCRIPTORIUM_SOURCE_BUCKETS: JSON.stringify({ [archive]: "*" }),
    });
    const services: Services = {
      ...awsServices(readAwsSettings(), { log: silentLog, metrics: NO_METRICS }),
      startListing: async () => {},
    };
    const { handler } = await import("../../functions/deliver-webhook/main.ts");
    await feed(account.queues.webhooks, handler);
    const receiver = await receiveWebhooks();
    const files = (await readdir(UTTERANCES)).sort();

    const uploads: string[] = [];
    const uploadSome = async () =>
      uploads.push(...(await uploadFrom(uploads.length, services, files, receiver.url)));
    const batchId = await queueArchive(services, archive, files.slice(0, ITEMS), receiver.url);

    const { command } = await readWorkerImage();
    // The first worker gets the beginning of its recordings: it is killed over some, however fast it is.
    const held = await startHeldS3(moto().endpoint, 1000);
    const start = (changes: Record<string, string> = {}) =>
      startWorker(ROOT, command, {
        ...moto().environment,
        ...account.environment,
        SCRIPTORIUM_DEVICE: "cpu",
        SCRIPTORIUM_CONCURRENCY: "4",
        SCRIPTORIUM_VISIBILITY_SECONDS: "3",
        SCRIPTORIUM_WAIT_SECONDS: "1",
        // How often a recording may be begun is not it either.
        SCRIPTORIUM_LIMIT_ATTEMPTS: "100",
        ...changes,
      });
    const random = seededRandom(SEED);
    for (let kills = 0; kills < KILLS; kills++) {
      await uploadSome();
      const worker = start(kills === 0 ? { AWS_ENDPOINT_URL_S3: held.url } : {});
      await worker.logged("worker.ready");
      const work = worker.logged("transcription.processing");
      // Whatever it does by then: a worker without work is killed as well.
      await Promise.race([work.catch(() => undefined), pause(10_000)]);
      if (kills % 2 === 1) await pause(random() * 400);
      await worker.kill("SIGKILL");
    }
    await uploadSome();
    start();

    const records = () => Promise.all(uploads.map((id) => services.store.getTranscription(id)));
    const open = async () =>
      (await records()).filter((record) => !record || !isTerminal(record.state)).length;
    await expect.poll(open, PATIENTLY).toBe(0);
    const states = Map.groupBy(await records(), (record) => record?.state);
    expect(states.get("failed")?.map((record) => record?.error?.code)).toEqual([
      "unsupported_media",
      "unsupported_media",
    ]);
    expect(states.get("completed")).toHaveLength(UPLOADS - 2);

    const batch = async () => (await services.store.getBatch(batchId))!;
    await expect.poll(async () => (await batch()).state, PATIENTLY).toBe("completed");
    const { counts, audioSeconds } = await batch();
    expect(counts).toEqual({ ...NO_COUNTS, completed: ITEMS });
    const { items } = await services.store.listTranscriptions({ ...ADA, batchId, limit: 100 });
    expect(items).toHaveLength(ITEMS);
    expect(audioSeconds).toBeCloseTo(
      items.reduce((sum, { audio }) => sum + (audio?.duration ?? 0), 0),
      6,
    );

    // The kills met work that was then done anew.
    const begun = [...(await records()), ...items].map((record) => record?.attempts ?? 0);
    expect(begun.filter((attempts) => attempts > 1).length).toBeGreaterThan(0);

    const results = await Array.fromAsync(services.blobs.list(services.bucket, "results/"));
    expect(results).toHaveLength(UPLOADS - 2 + ITEMS);
    const subjects = () => new Set(receiver.events.map(({ event }) => event.data.id));
    await expect.poll(() => [...uploads, batchId].filter((id) => !subjects().has(id)), PATIENTLY).toEqual([]);
    for (const events of Map.groupBy(receiver.events, ({ event }) => event.data.id).values())
      expect(new Set(events.map(({ id }) => id)).size).toBe(1);
  });
});

/** Every tenth is no recording. S3's event comes by itself, and once more. */
async function uploadFrom(
  first: number,
  services: Services,
  files: readonly string[],
  url: string,
): Promise<string[]> {
  const ids: string[] = [];
  for (let index = first; index < first + UPLOADS_EACH; index++) {
    const fileName = files[index % files.length];
    const request = transcriptionRequest({ fileName, webhookUrl: url });
    const { record } = await createTranscription(services, ADA, request, null);
    const recording = index % 10 === 9 ? "Dear Sir" : await readFile(join(UTTERANCES, fileName));
    await services.blobs.put(record.source, recording);
    const facts = (await services.blobs.head(record.source)) as BlobFacts;
    await services.queues.transcribe.send(makeS3Event({ ...facts, versionId: null }, record.createdAt));
    ids.push(record.id);
  }
  return ids;
}

/** The map hands its items over twice, as it does where a call's answer is lost. */
async function queueArchive(
  services: Services,
  bucket: string,
  files: readonly string[],
  webhookUrl: string,
): Promise<string> {
  for (const file of files)
    await services.blobs.put({ bucket, key: file }, await readFile(join(UTTERANCES, file)));
  const request = batchRequest({ source: { kind: "prefix", bucket, prefix: "" }, webhookUrl });
  const { record } = await createBatch(services, ADA, request, null);
  const enqueue = makeEnqueueArchiveHandler(services);
  const listed = (await Array.fromAsync(services.blobs.list(bucket, ""))).map(({ key, size, etag }) => ({
    Key: key,
    Size: size,
    Etag: etag,
  }));
  for (let times = 0; times < 2; times++)
    await enqueue({ BatchInput: { batch_id: record.id }, Items: listed });
  await makeFinishListingHandler(services)({ batch_id: record.id });
  return record.id;
}
