import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { ARCHIVE_ITEM, PER_RECORDING } from "../../bench/scaling/per-recording.ts";
import { DynamoJobStore } from "../../src/aws/dynamo-job-store.ts";
import { S3BlobStore } from "../../src/aws/s3-blob-store.ts";
import { SqsQueue } from "../../src/aws/sqs-queue.ts";
import { enqueueItems } from "../../src/jobs/batches/enqueue-items.ts";
import type { Services } from "../../src/jobs/services.ts";
import { timestamp } from "../../src/jobs/services.ts";
import { aBatch } from "../contract/records.ts";
import { workThrough } from "../support/archive.ts";
import { createBucket, createQueue, createTable } from "../support/aws-resources.ts";
import { meteredTable } from "../support/metered-table.ts";
import { describeWithMoto } from "../support/moto.ts";
import { serviceWorld } from "../support/service-world.ts";

/** Sends of S3, by their command. */
function meteredS3() {
  const client = new S3Client({ forcePathStyle: true });
  const commands: string[] = [];
  client.middlewareStack.add(
    (next, context) => (args) => {
      commands.push(context.commandName ?? "");
      return next(args);
    },
    { step: "initialize", name: "meter" },
  );
  return { client, commands };
}

describeWithMoto("against moto:", () => {
  test("an item of an archive costs what the simulation and docs/operations.md say", async () => {
    const { services: local, clock } = await serviceWorld();
    const [table, s3, tapes] = [meteredTable(), meteredS3(), await createBucket()];
    const bucket = await createBucket();
    const queue = new SqsQueue({ client: new SQSClient(), name: "archive", url: await createQueue() });
    const services: Services = {
      ...local,
      store: new DynamoJobStore(table.client, await createTable()),
      blobs: new S3BlobStore({ client: s3.client, presigner: s3.client, ownBucket: bucket, clock }),
      queues: { ...local.queues, archive: queue },
      bucket,
      sourceBuckets: async () => [tapes],
    };
    const batch = aBatch({ source: { kind: "prefix", bucket: tapes, prefix: "" } });
    await services.store.createBatch(batch, { now: timestamp(clock) });
    const items = Array.from({ length: 10 }, (_, at) => `side ${at} of the second tape.mp3`);
    for (const key of items) await services.blobs.put({ bucket: tapes, key }, "recording");
    table.read();
    s3.commands.length = 0;

    await enqueueItems(
      services,
      batch.id,
      items.map((key) => ({ bucket: null, key, etag: "e", size: 9 })),
    );
    await workThrough(services);
    const { writes, reads } = table.read();
    const puts = s3.commands.filter((name) => /^Put/.test(name)).length;
    expect(await services.store.getBatch(batch.id)).toMatchObject({ counts: { completed: 10 } });
    expect([writes, reads].map((units) => Math.round(units / items.length))).toEqual([
      ARCHIVE_ITEM.writeUnits,
      ARCHIVE_ITEM.readUnits,
    ]);
    expect(puts / items.length).toBe(ARCHIVE_ITEM.s3Puts);
  }, 300_000);
});

test("that is 43 dollars for a million", () => {
  expect(PER_RECORDING * 1e6).toBeCloseTo(43.4, 0);
});
