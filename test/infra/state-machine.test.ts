import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { beforeEach, expect, test } from "vitest";
import { makeEnqueueArchiveHandler } from "../../functions/enqueue-archive/handler.ts";
import { makeFinishListingHandler } from "../../functions/finish-listing/handler.ts";
import { silentLog } from "../../local/log.ts";
import { awsServices } from "../../src/aws/services.ts";
import { createBatch } from "../../src/jobs/batches/create-batch.ts";
import { DEFAULT_LIMITS } from "../../src/jobs/limits.ts";
import type { Metrics } from "../../src/jobs/ports/index.ts";
import { DEFAULT_OPTIONS } from "../../src/jobs/transcription.ts";
import { createBucket, createQueue, createTable, freshName } from "../support/aws-resources.ts";
import { describeWithMoto } from "../support/moto.ts";
import { archiveDefinition, forMoto } from "./archive-machine.ts";

const noMetrics: Metrics = {
  transcriptionEnded() {},
  transcribed() {},
  webhookAttempted() {},
  requestServed() {},
};
const REQUEST = {
  name: null,
  options: DEFAULT_OPTIONS,
  force: false,
  results: { place: "batch" as const, formats: ["json" as const] },
  metadata: {},
  deleteAfterSeconds: null,
  webhookUrl: null,
};

interface Call {
  state: string;
  input: Record<string, unknown>;
}

describeWithMoto("moto's interpreter", (moto) => {
  beforeEach(async () => {
    const post = (path: string, body = "") =>
      fetch(`${moto().endpoint}/moto-api/${path}`, { method: "POST", body });
    // Its interpreter runs one execution in its life.
    await post("reset");
    await post("config", JSON.stringify({ stepfunctions: { execute_state_machine: true } }));
  });

  /** The state machine, telling this queue what it would have functions do. */
  async function create(queueUrl: string): Promise<string> {
    const { stateMachineArn = "" } = await new SFNClient().send(
      new CreateStateMachineCommand({
        name: freshName("archive"),
        definition: JSON.stringify(forMoto(archiveDefinition(), queueUrl)),
        roleArn: "arn:aws:iam::123456789012:role/archive",
        type: "STANDARD",
      }),
    );
    return stateMachineArn;
  }

  /** How the execution of this name ended. */
  async function outcome(stateMachineArn: string, name: string): Promise<string> {
    const executionArn = `${stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`;
    const client = new SFNClient();
    let status = "";
    await expect
      .poll(
        async () => {
          ({ status = "" } = await client.send(new DescribeExecutionCommand({ executionArn })));
          return status;
        },
        { timeout: 150_000, interval: 200 },
      )
      .not.toBe("RUNNING");
    return status;
  }

  async function execute(input: Record<string, string>): Promise<{ status: string; calls: Call[] }> {
    const queueUrl = await createQueue();
    const stateMachineArn = await create(queueUrl);
    await new SFNClient().send(
      new StartExecutionCommand({ stateMachineArn, name: input.batch_id, input: JSON.stringify(input) }),
    );
    return { status: await outcome(stateMachineArn, input.batch_id), calls: await drain<Call>(queueUrl) };
  }

  async function drain<Body>(QueueUrl: string): Promise<Body[]> {
    const client = new SQSClient();
    const bodies: Body[] = [];
    for (;;) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return bodies;
      for (const { Body: text = "", ReceiptHandle } of Messages) {
        bodies.push(JSON.parse(text));
        await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }

  async function put(bucket: string, key: string, body = "audio"): Promise<void> {
    await new S3Client({ forcePathStyle: true }).send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }),
    );
  }

  test("a batch of 24 objects is queued, each once, and goes on to be worked on", async () => {
    const callsUrl = await createQueue();
    const archiveUrl = await createQueue();
    const stateMachineArn = await create(callsUrl);
    const bucket = await createBucket();
    const services = awsServices(
      {
        stack: null,
        bucket,
        table: await createTable(),
        queues: { transcribe: archiveUrl, archive: archiveUrl, webhooks: archiveUrl },
        sourceBuckets: {},
        limits: DEFAULT_LIMITS,
        allowLocalWebhooks: false,
      },
      { log: silentLog, metrics: noMetrics, stateMachineArn },
    );
    const keys = Array.from({ length: 24 }, (_, at) => `inbox/acme/tapes/${at}.wav`);
    await Promise.all(
      [...keys, "inbox/acme/1.wav", "inbox/acme/tapes/notes.txt"].map((key) => put(bucket, key)),
    );

    const prefix = "inbox/acme/tapes/";
    const { record } = await createBatch(
      services,
      { owner: "acme", keyId: "ke_1" },
      { ...REQUEST, source: { kind: "prefix", bucket, prefix } },
      null,
    );
    expect(await outcome(stateMachineArn, record.id)).toBe("SUCCEEDED");

    const calls = await drain<Call>(callsUrl);
    const items = calls.filter(({ state }) => state === "ObjectsEnqueue").map(({ input }) => input);
    const last = calls.filter(({ state }) => state !== "ObjectsEnqueue");
    expect(items.map(({ Key }) => Key).toSorted()).toEqual([...keys, `${prefix}notes.txt`].toSorted());
    expect(last).toEqual([{ state: "FinishListing", input: { batch_id: record.id } }]);

    // What ItemBatcher does, which moto does not know; the first page comes twice, as it may.
    const enqueue = makeEnqueueArchiveHandler(services);
    const pages = [0, 0, 20].map((from) => items.slice(from, from + 20));
    for (const Items of pages) await enqueue({ BatchInput: { batch_id: record.id }, Items });
    await makeFinishListingHandler(services)({ batch_id: record.id });

    const queued = await drain<{ id: string }>(archiveUrl);
    expect(new Set(queued.map(({ id }) => id)).size).toBe(24);
    const batch = await services.store.getBatch(record.id);
    expect([batch?.state, batch?.counts.queued]).toEqual(["processing", 24]);
  }, 300_000);

  test("hands on the rows of a CSV by the names of its first row", async () => {
    const bucket = await createBucket();
    await put(bucket, "list.csv", "bucket,key\none,a.wav\ntwo,b.wav\n");
    const { calls } = await execute({ batch_id: "ba_2", kind: "csv", bucket, key: "list.csv" });
    const inputs = calls
      .map(({ input }) => input)
      .toSorted((a, b) => String(a.key).localeCompare(String(b.key)));
    expect(inputs).toEqual([
      { bucket: "one", key: "a.wav" },
      { bucket: "two", key: "b.wav" },
      { batch_id: "ba_2" },
    ]);
  });

  test("ends a batch whose list is not there with what is wrong", async () => {
    const { status, calls } = await execute({
      batch_id: "ba_3",
      kind: "csv",
      bucket: await createBucket(),
      key: "none",
    });
    expect(status).toBe("SUCCEEDED");
    expect(calls).toEqual([
      {
        state: "FailListing",
        input: { batch_id: "ba_3", error: { Error: expect.any(String), Cause: expect.any(String) } },
      },
    ]);
  });

  test("fails for a list of an unknown kind", async () => {
    const { status, calls } = await execute({ batch_id: "ba_4", kind: "tape", bucket: "b", key: "k" });
    expect([status, calls]).toEqual(["FAILED", []]);
  });
});
