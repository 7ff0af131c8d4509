import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { beforeEach, describe, expect, test } from "vitest";
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

const definition = archiveDefinition();
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
const MAPS = ["Objects", "Csv", "JsonLines", "Inventory"];
/** For sources that Step Functions cannot read. */
const FAR = ["ListPage", "AnyOnPage", "Page", "MorePages", "NextPage", "CopyManifest"];

describe("the definition", () => {
  test("has these states and no other", () => {
    expect(Object.keys(definition.States).sort()).toEqual(
      [...MAPS, ...FAR, "WhichList", "UnknownKind", "FinishListing", "FailListing"].sort(),
    );
  });

  test("chooses by the kind of list, and fails for one that it does not know", () => {
    const { WhichList, UnknownKind } = definition.States;
    expect(definition.StartAt).toBe("WhichList");
    expect(WhichList.Choices?.slice(0, 4)).toEqual(
      [
        ["prefix", "Objects"],
        ["csv", "Csv"],
        ["jsonl", "JsonLines"],
        ["s3_inventory", "Inventory"],
      ].map(([StringEquals, Next]) => ({ Variable: "$.kind", StringEquals, Next })),
    );
    expect([WhichList.Default, UnknownKind.Type]).toEqual(["UnknownKind", "Fail"]);
  });

  test.each([
    ["Objects", "listObjectsV2", undefined, { "Bucket.$": "$.bucket", "Prefix.$": "$.prefix" }],
    [
      "Csv",
      "getObject",
      { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" },
      { "Bucket.$": "$.bucket", "Key.$": "$.key" },
    ],
    ["JsonLines", "getObject", { InputType: "JSONL" }, { "Bucket.$": "$.bucket", "Key.$": "$.key" }],
    ["Inventory", "getObject", { InputType: "MANIFEST" }, { "Bucket.$": "$.bucket", "Key.$": "$.key" }],
  ])("%s reads its list", (name, action, config, parameters) => {
    const { ItemReader } = definition.States[name];
    expect(ItemReader?.Resource).toBe(`arn:aws:states:::s3:${action}`);
    expect(ItemReader?.ReaderConfig).toEqual(config);
    expect(ItemReader?.Parameters).toEqual(parameters);
  });

  test.each(MAPS)("%s hands pages of a hundred to enqueue-archive, and on to the end", (name) => {
    const map = definition.States[name];
    expect(map).toMatchObject({
      Type: "Map",
      MaxConcurrency: 10,
      Next: "FinishListing",
      ResultPath: null,
      ItemBatcher: {
        MaxItemsPerBatch: 100,
        MaxInputBytesPerBatch: 204_800,
        BatchInput: { "batch_id.$": "$.batch_id" },
      },
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "FailListing" }],
      ResultWriter: {
        Resource: "arn:aws:states:::s3:putObject",
        Parameters: { Bucket: "the-bucket", "Prefix.$": "States.Format('batches/{}/listing', $.batch_id)" },
      },
    });
    // A single page left out fails the map.
    expect(map.ToleratedFailurePercentage ?? 0).toBe(0);
    expect(map.ItemProcessor?.ProcessorConfig).toEqual({ Mode: "DISTRIBUTED", ExecutionType: "STANDARD" });
    const [[, task], ...others] = Object.entries(map.ItemProcessor!.States);
    expect(others).toEqual([]);
    expect(task).toMatchObject({
      Type: "Task",
      End: true,
      Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 10 }],
    });
    expect(task.Resource).toMatch(/:Enqueue$/);
    expect(task.Parameters).toBeUndefined();
  });

  test("a source in another region or account is brought into the bucket by a function, page by page", () => {
    const { WhichList, ListPage, AnyOnPage, Page, MorePages, NextPage, CopyManifest } = definition.States;
    expect(WhichList.Choices?.slice(4)).toEqual([
      { Variable: "$.kind", StringEquals: "far_prefix", Next: "ListPage" },
      { Variable: "$.kind", StringMatches: "far_*", Next: "CopyManifest" },
    ]);
    for (const [state, ResultPath, Next] of [
      [ListPage, "$.page", "AnyOnPage"],
      // Its answer says that it is a manifest of ours now.
      [CopyManifest, "$", "WhichList"],
    ] as const) {
      expect(state).toMatchObject({ Next, Catch: [{ Next: "FailListing", ResultPath: "$.error" }] });
      expect(state.ResultPath ?? "$").toBe(ResultPath);
      expect(state.Resource).toMatch(/:ListSource$/);
    }
    expect(AnyOnPage).toMatchObject({
      Choices: [{ Variable: "$.page.count", NumericGreaterThan: 0, Next: "Page" }],
      Default: "MorePages",
    });
    expect(Page).toMatchObject({ Type: "Map", Next: "MorePages", Catch: [{ Next: "FailListing" }] });
    expect(Page.ItemReader?.Parameters).toEqual({ "Bucket.$": "$.page.bucket", "Key.$": "$.page.key" });
    expect(MorePages).toMatchObject({
      Choices: [{ Variable: "$.page.more", BooleanEquals: true, Next: "NextPage" }],
      Default: "FinishListing",
    });
    expect([NextPage.Next, Object.keys(NextPage.Parameters ?? {}).sort()]).toEqual([
      "ListPage",
      ["after.$", "batch_id.$", "bucket.$", "kind.$", "part.$", "prefix.$"],
    ]);
  });

  test.each([
    ["FinishListing", { "batch_id.$": "$.batch_id" }],
    ["FailListing", { "batch_id.$": "$.batch_id", "error.$": "$.error" }],
  ])("%s tells finish-listing", (name, parameters) => {
    const state = definition.States[name];
    expect(state).toMatchObject({ Type: "Task", End: true, Parameters: parameters });
    expect(state.Resource).toMatch(/:Finish$/);
    expect(state.Retry).toHaveLength(1);
  });
});

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
