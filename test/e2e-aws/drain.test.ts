import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { silentLog } from "../../local/log.ts";
import { awsServices } from "../../src/aws/services.ts";
import { readAwsSettings } from "../../src/aws/settings.ts";
import { parseTranscript } from "../../src/formats/index.ts";
import { resultKey } from "../../src/jobs/object-keys.ts";
import type { Services } from "../../src/jobs/services.ts";
import { createTranscription } from "../../src/jobs/use-cases/create-transcription.ts";
import { describeWithMoto, type Moto } from "../support/moto.ts";
import { transcriptionRequest } from "../support/transcription-request.ts";
import { readWorkerImage } from "../support/worker-image.ts";
import { openAccount } from "./support/account.ts";
import { startHeldS3 } from "./support/held-s3.ts";
import { NO_METRICS } from "./support/no-metrics.ts";
import { startWorker } from "./support/worker-process.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COMMANDS = new URL("../fixtures/commands.wav", import.meta.url);
const SPOKEN = "ENTER NINE ONE SEVEN ERASE FOUR FIVE SIX FIVE FIVE FIVE ONE TWO THREE FOUR GO";
const HALF = 160_000;
const ADA = { owner: "ada", keyId: "ke_1" };
const WAIT = { timeout: 100_000, interval: 100 };

/** A recording in the queue, and workers for it, which get the half of it until it is released: so long none can end it. */
async function open(moto: Moto) {
  const account = await openAccount();
  const services: Services = awsServices(readAwsSettings(), { log: silentLog, metrics: NO_METRICS });
  const s3 = await startHeldS3(moto.endpoint, HALF);
  const { command } = await readWorkerImage();
  const start = (changes: Record<string, string> = {}) =>
    startWorker(ROOT, command, {
      ...moto.environment,
      AWS_ENDPOINT_URL_S3: s3.url,
      ...account.environment,
      SCRIPTORIUM_DEVICE: "cpu",
      SCRIPTORIUM_WAIT_SECONDS: "1",
      ...changes,
    });
  const { record } = await createTranscription(
    services,
    ADA,
    transcriptionRequest({ fileName: "commands.wav" }),
    null,
  );
  await services.blobs.put(record.source, await readFile(COMMANDS));
  const look = async () => (await services.store.getTranscription(record.id))!;
  return { services, s3, start, id: record.id, look };
}

const waiting = async ({ queues }: Services) => {
  const { visible, inFlight, delayed } = await queues.transcribe.depth();
  return { visible, inFlight, delayed };
};
const textOf = async ({ blobs, bucket }: Services, id: string) => {
  const { body } = await blobs.get({ bucket, key: resultKey(id) });
  return parseTranscript(Buffer.concat(await Array.fromAsync(body)).toString()).verbatim_text;
};

describeWithMoto("a worker process that is told to go, against moto:", (moto) => {
  test("finishes the recording that it has in hand, deletes its message and leaves in peace", {
    timeout: 300_000,
  }, async () => {
    const { services, s3, start, id, look } = await open(moto());
    const worker = start();
    await expect.poll(async () => (await look()).state, WAIT).toBe("processing");
    const gone = worker.kill("SIGTERM");
    await worker.logged("worker.draining");
    s3.release();

    expect(await gone).toBe(0);
    expect(worker.lines.at(-1)).toMatchObject({ message: "worker.stopped", finished: 1, released: 0 });
    expect(await look()).toMatchObject({ state: "completed", attempts: 1, lease: null });
    expect(await textOf(services, id)).toBe(SPOKEN);
    expect(await waiting(services)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test("gives a recording back that it cannot finish in time, and another worker does it as if for the first time", {
    timeout: 300_000,
  }, async () => {
    const { services, s3, start, id, look } = await open(moto());
    const first = start({ SCRIPTORIUM_DRAIN_SECONDS: "1" });
    await expect.poll(async () => (await look()).state, WAIT).toBe("processing");
    expect((await look()).attempts).toBe(1);

    expect(await first.kill("SIGTERM")).toBe(0);
    expect(first.lines.at(-1)).toMatchObject({ message: "worker.stopped", finished: 0, released: 1 });
    expect(await look()).toMatchObject({ state: "queued", attempts: 0, lease: null, progress: 0 });
    // Not when its visibility timeout is over, but now.
    expect(await waiting(services)).toEqual({ visible: 1, inFlight: 0, delayed: 0 });

    s3.release();
    const second = start();
    await expect.poll(async () => (await look()).state, WAIT).toBe("completed");
    expect(await look()).toMatchObject({ attempts: 1, progress: 1 });
    expect(await textOf(services, id)).toBe(SPOKEN);
    expect(await second.kill("SIGTERM")).toBe(0);
    expect(await waiting(services)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });
});
