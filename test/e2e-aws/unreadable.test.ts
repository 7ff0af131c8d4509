import { readFile } from "node:fs/promises";
import { PutObjectCommand, RestoreObjectCommand, type StorageClass } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { Worker } from "../../containers/worker/worker.ts";
import { makeEnqueueArchiveHandler } from "../../functions/enqueue-archive/handler.ts";
import { makeFinishListingHandler } from "../../functions/finish-listing/handler.ts";
import { silentLog } from "../../local/log.ts";
import { Transcriber } from "../../src/asr/index.ts";
import { awsServices, s3Client } from "../../src/aws/services.ts";
import { readAwsSettings } from "../../src/aws/settings.ts";
import { NO_COUNTS } from "../../src/jobs/batch.ts";
import { createBatch } from "../../src/jobs/batches/create-batch.ts";
import { readBatchSummary } from "../../src/jobs/batches/read-summary.ts";
import { BUNDLED_MODEL } from "../e2e/support/local-service.ts";
import { batchRequest } from "../support/archive.ts";
import { createBucket } from "../support/aws-resources.ts";
import { describeWithMoto } from "../support/moto.ts";
import { openAccount } from "./support/account.ts";
import { NO_METRICS } from "./support/no-metrics.ts";

const ADA = { owner: "ada", keyId: "ke_1" };
const KINDS = { "glacier.wav": "GLACIER", "deep.wav": "DEEP_ARCHIVE", "near.wav": "GLACIER_IR" } as const;

describeWithMoto("recordings in archive storage classes, against moto:", () => {
  let transcriber: Transcriber;
  beforeAll(async () => {
    transcriber = await Transcriber.load(BUNDLED_MODEL, { device: "cpu" });
  });
  afterAll(() => transcriber.close());

  test("items of a batch fail at once and say what to do; restored, they are done by the next batch", {
    timeout: 300_000,
  }, async () => {
    const tapes = await createBucket();
    await openAccount({ SCRIPTORIUM_SOURCE_BUCKETS: JSON.stringify({ [tapes]: "*" }) });
    const services = {
      ...awsServices(readAwsSettings(), { log: silentLog, metrics: NO_METRICS }),
      startListing: async () => {},
    };
    const recording = await readFile(new URL("../fixtures/utterances/slt-yes.wav", import.meta.url));
    for (const [Key, StorageClass] of Object.entries(KINDS))
      await s3Client().send(
        new PutObjectCommand({
          Bucket: tapes,
          Key,
          Body: recording,
          StorageClass: StorageClass as StorageClass,
        }),
      );
    const worker = new Worker(services, transcriber, { id: "worker", waitSeconds: 1 });
    worker.start();
    onTestFinished(async () => void (await worker.drain(0)));

    const run = async () => {
      const source = { kind: "prefix" as const, bucket: tapes, prefix: "" };
      const { record } = await createBatch(services, ADA, batchRequest({ source }), null);
      const found = await Array.fromAsync(services.blobs.list(tapes, ""));
      const Items = found.map(({ key, size, etag }) => ({ Key: key, Size: size, Etag: etag }));
      await makeEnqueueArchiveHandler(services)({ BatchInput: { batch_id: record.id }, Items });
      await makeFinishListingHandler(services)({ batch_id: record.id });
      const batch = async () => (await services.store.getBatch(record.id))!;
      await expect
        .poll(async () => (await batch()).state, { timeout: 100_000, interval: 100 })
        .toBe("completed");
      const summary = await Array.fromAsync(await readBatchSummary(services, ADA, record.id));
      const lines = Buffer.concat(summary).toString().trim().split("\n");
      return { id: record.id, counts: (await batch()).counts, lines: lines.map((line) => JSON.parse(line)) };
    };

    const { id, counts, lines } = await run();
    expect(counts).toEqual({ ...NO_COUNTS, completed: 1, failed: 2 });
    const errors = Object.fromEntries(lines.map(({ source, error }) => [source, error]));
    expect(errors).toEqual({
      [`${tapes}/near.wav`]: null,
      ...Object.fromEntries(
        ["glacier.wav", "deep.wav"].map((key) => [
          `${tapes}/${key}`,
          { code: "archived", message: expect.stringMatching(/lies in an archive.*Restore it in S3/) },
        ]),
      ),
    });
    const { items } = await services.store.listTranscriptions({ ...ADA, batchId: id, limit: 10 });
    expect(items.map(({ attempts }) => attempts)).toEqual([1, 1, 1]);

    for (const Key of ["glacier.wav", "deep.wav"])
      await s3Client().send(new RestoreObjectCommand({ Bucket: tapes, Key, RestoreRequest: { Days: 1 } }));
    expect((await run()).counts).toEqual({ ...NO_COUNTS, completed: 3 });
  });
});
