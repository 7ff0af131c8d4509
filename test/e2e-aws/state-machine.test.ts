import { DescribeExecutionCommand, SFNClient } from "@aws-sdk/client-sfn";
import { expect, test } from "vitest";
import { makeEnqueueArchiveHandler } from "../../functions/enqueue-archive/handler.ts";
import { makeFinishListingHandler } from "../../functions/finish-listing/handler.ts";
import { s3BlobStore, s3Client } from "../../src/aws/services.ts";
import { makeStartListing } from "../../src/aws/start-listing.ts";
import { NO_COUNTS } from "../../src/jobs/batch.ts";
import { createBatch } from "../../src/jobs/batches/create-batch.ts";
import type { Queue } from "../../src/jobs/ports/index.ts";
import type { Services } from "../../src/jobs/services.ts";
import { batchRequest } from "../support/archive.ts";
import { createBucket } from "../support/aws-resources.ts";
import { describeWithMoto, type Moto } from "../support/moto.ts";
import { serviceWorld } from "../support/service-world.ts";
import { createStateMachine, type ListingOutcome } from "./support/state-machine.ts";

const ADA = { owner: "ada", keyId: "ke_1" };
const OBJECTS = 24;
/** Smaller than the stack's, which moto does not know: it takes a second for each few objects. */
const PAGE = 20;

/** Each with a server of its own: moto runs one execution and no more. */
const withMoto = (name: string, run: (moto: Moto) => Promise<void>) =>
  describeWithMoto("the state machine of the stack, run by moto:", (moto) => {
    test(name, () => run(moto()), 300_000);
  });

/** Records and queues are local ones, as this is about the list: moto copies the whole table in each transaction. */
async function open(moto: Moto) {
  const archive = await createBucket();
  const { arn: stateMachineArn, batching } = await createStateMachine(moto.endpoint);
  const { services: local } = await serviceWorld();
  await createBucket(local.bucket);
  const services: Services = {
    ...local,
    blobs: s3BlobStore(local.bucket),
    sourceBuckets: async () => [archive, "nowhere"],
    startListing: makeStartListing({
      client: new SFNClient(),
      s3: s3Client(),
      ownBucket: local.bucket,
      stateMachineArn,
      store: local.store,
    }),
  };
  return { services, archive, stateMachineArn, batching };
}

async function begin(services: Services, bucket: string) {
  const request = batchRequest({ source: { kind: "prefix", bucket, prefix: "tapes/" } });
  return (await createBatch(services, ADA, request, null)).record.id;
}

async function outcomeOf(stateMachineArn: string, batchId: string): Promise<ListingOutcome> {
  const executionArn = `${stateMachineArn.replace(":stateMachine:", ":execution:")}:${batchId}`;
  const describe = () => new SFNClient().send(new DescribeExecutionCommand({ executionArn }));
  await expect
    .poll(async () => (await describe()).status, { timeout: 200_000, interval: 250 })
    .not.toBe("RUNNING");
  const { status, output = "" } = await describe();
  expect(status).toBe("SUCCEEDED");
  return JSON.parse(output);
}

withMoto("hands every object of a listing over once, then ends the list", async (moto) => {
  const { services, archive, stateMachineArn, batching } = await open(moto);
  const keys = Array.from({ length: OBJECTS }, (_, i) => `tapes/${i % 7}/side ${i}.wav`);
  const others = ["tapes/index.html", "letters/1.wav"];
  await Promise.all(
    [...keys, ...others].map((key) => services.blobs.put({ bucket: archive, key }, "recording")),
  );
  const batchId = await begin(services, archive);
  await services.startListing(batchId);
  const { finish: last, items = [] } = await outcomeOf(stateMachineArn, batchId);
  expect(last).toEqual({ batch_id: batchId });
  expect(items.map(({ Key }) => Key).sort()).toEqual([...keys, "tapes/index.html"].sort());
  expect(batching).toEqual({
    MaxItemsPerBatch: 100,
    MaxInputBytesPerBatch: 204_800,
    BatchInput: { "batch_id.$": "$.batch_id" },
  });

  const [enqueue, finish] = [makeEnqueueArchiveHandler(services), makeFinishListingHandler(services)];
  for (let from = 0; from < items.length; from += PAGE)
    await enqueue({ BatchInput: { batch_id: batchId }, Items: items.slice(from, from + PAGE) });
  await finish({ batch_id: batchId });

  const queued = (await drain(services.queues.archive)).map(({ id }) => String(id));
  expect(new Set(queued).size).toBe(OBJECTS);
  expect(queued).toHaveLength(OBJECTS);
  const batch = await services.store.getBatch(batchId);
  expect(batch).toMatchObject({ state: "processing", counts: { ...NO_COUNTS, queued: OBJECTS } });
  const listed = await services.store.listTranscriptions({ ...ADA, batchId, limit: 1000 });
  expect(listed.items.map(({ source }) => source.key).sort()).toEqual(keys.sort());
});

withMoto("fails the batch of a source that cannot be read, and says why", async (moto) => {
  const { services, stateMachineArn } = await open(moto);
  const batchId = await begin(services, "nowhere");
  const { finish } = await outcomeOf(stateMachineArn, batchId);
  expect(finish).toMatchObject({ batch_id: batchId, error: { Error: expect.any(String) } });
  await makeFinishListingHandler(services)(finish);
  expect(await services.store.getBatch(batchId)).toMatchObject({
    state: "failed",
    error: { code: expect.any(String) },
  });
});

async function drain(queue: Queue): Promise<Record<string, unknown>[]> {
  const bodies: Record<string, unknown>[] = [];
  for (;;) {
    const messages = await queue.receive({ most: 10, waitSeconds: 0, visibilitySeconds: 600 });
    if (messages.length === 0) return bodies;
    bodies.push(...messages.map(({ body }) => JSON.parse(body)));
    for (const message of messages) await queue.delete(message);
  }
}
