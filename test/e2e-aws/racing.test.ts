import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { Worker } from "../../containers/worker/worker.ts";
import { silentLog } from "../../local/log.ts";
import { Transcriber } from "../../src/asr/index.ts";
import { awsServices } from "../../src/aws/services.ts";
import { readAwsSettings } from "../../src/aws/settings.ts";
import { transcribeMessage } from "../../src/jobs/messages.ts";
import { createTranscription } from "../../src/jobs/use-cases/create-transcription.ts";
import { BUNDLED_MODEL } from "../e2e/support/local-service.ts";
import { describeWithMoto } from "../support/moto.ts";
import { transcriptionRequest } from "../support/transcription-request.ts";
import { openAccount } from "./support/account.ts";
import { NO_METRICS } from "./support/no-metrics.ts";

const ADA = { owner: "ada", keyId: "ke_1" };
const JOBS = 10;
const WORKERS = 3;

describeWithMoto("workers against moto", () => {
  let transcriber: Transcriber;
  beforeAll(async () => {
    transcriber = await Transcriber.load(BUNDLED_MODEL, { device: "cpu" });
  });
  afterAll(() => transcriber.close());

  test("race for messages that all come three times: each recording is begun and done once", {
    timeout: 300_000,
  }, async () => {
    await openAccount();
    const ended: string[] = [];
    const metrics = { ...NO_METRICS, transcriptionEnded: (state: string) => void ended.push(state) };
    const services = {
      ...awsServices(readAwsSettings(), { log: silentLog, metrics }),
      startListing: async () => {},
    };
    const recording = await readFile(new URL("../fixtures/utterances/slt-yes.wav", import.meta.url));
    const ids: string[] = [];
    for (let job = 0; job < JOBS; job++) {
      const { record } = await createTranscription(
        services,
        ADA,
        transcriptionRequest({ fileName: "yes.wav" }),
        null,
      );
      await services.blobs.put(record.source, recording); // announces itself once
      ids.push(record.id);
    }
    await expect
      .poll(async () => (await services.queues.transcribe.depth()).visible)
      .toBeGreaterThanOrEqual(JOBS);
    await services.queues.transcribe.sendMany([...ids, ...ids].map(transcribeMessage));
    for (let number = 0; number < WORKERS; number++) {
      const worker = new Worker(services, transcriber, { id: `worker-${number}`, waitSeconds: 1 });
      worker.start();
      onTestFinished(async () => void (await worker.drain(0)));
    }
    const records = () => Promise.all(ids.map((id) => services.store.getTranscription(id)));
    await expect
      .poll(async () => (await records()).filter((record) => record?.state === "completed").length, {
        timeout: 300_000,
        interval: 200,
      })
      .toBe(JOBS);
    expect((await records()).map((record) => record?.attempts)).toEqual(Array(JOBS).fill(1));
    expect(ended).toEqual(Array(JOBS).fill("completed"));
    await expect
      .poll(() => services.queues.transcribe.depth(), { timeout: 120_000, interval: 200 })
      .toMatchObject({ visible: 0, inFlight: 0 });
  });
});
