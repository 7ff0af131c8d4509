import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
} from "@aws-sdk/client-sfn";
import { beforeAll, expect, test } from "vitest";
import { s3BlobStore, s3Client } from "../../../src/aws/services.ts";
import { makeStartListing } from "../../../src/aws/start-listing.ts";
import type { BatchSource } from "../../../src/jobs/batch.ts";
import type { BlobStore } from "../../../src/jobs/ports/index.ts";
import { aBatch } from "../../contract/records.ts";
import { createBucket, freshName } from "../../support/aws-resources.ts";
import { describeWithMoto } from "../../support/moto.ts";
import { serviceWorld } from "../../support/service-world.ts";

describeWithMoto("a source in another region, against an S3 that redirects:", () => {
  const far = "tapes-in-us-west-2";
  let own: string;
  let near: string;
  let blobs: BlobStore;
  beforeAll(async () => {
    [own, near] = [await createBucket(), await createBucket()];
    const CreateBucketConfiguration = { LocationConstraint: "us-west-2" as const };
    const there = new S3Client({ forcePathStyle: true, region: "us-west-2" });
    await there.send(new CreateBucketCommand({ Bucket: far, CreateBucketConfiguration }));
    blobs = s3BlobStore(own);
  });

  test("can be looked at, listed, read, written beside and cleared", async () => {
    const ref = { bucket: far, key: "1987/a.wav" };
    expect(await blobs.put(ref, "RIFF")).toBe(true);
    expect(await blobs.head(ref)).toMatchObject({ size: 4 });
    expect(await blobs.head({ ...ref, key: "none" })).toBeNull();
    expect((await Array.fromAsync(blobs.list(far, "1987/"))).map(({ key }) => key)).toEqual([ref.key]);
    const { body } = await blobs.get(ref);
    expect(Buffer.concat(await Array.fromAsync(body)).toString()).toBe("RIFF");
    await blobs.delete(ref);
    expect(await blobs.head(ref)).toBeNull();
  });

  test("is listed by a function of our own, one near by Step Functions", async () => {
    const client = new SFNClient();
    const { stateMachineArn = "" } = await client.send(
      new CreateStateMachineCommand({
        name: freshName("archive"),
        definition: JSON.stringify({ StartAt: "List", States: { List: { Type: "Pass", End: true } } }),
        roleArn: "arn:aws:iam::123456789012:role/archive",
      }),
    );
    const { services } = await serviceWorld();
    const { store } = services;
    const start = makeStartListing({ client, s3: s3Client(), ownBucket: own, stateMachineArn, store });
    const inputOf = async (source: BatchSource) => {
      const batch = aBatch({ source });
      await store.createBatch(batch, { now: batch.createdAt });
      await start(batch.id);
      const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn }));
      const { executionArn } = executions.find(({ name }) => name === batch.id)!;
      const { input = "" } = await client.send(new DescribeExecutionCommand({ executionArn }));
      const { batch_id, ...rest } = JSON.parse(input);
      expect(batch_id).toBe(batch.id);
      return rest;
    };
    const prefix = (bucket: string) => ({ kind: "prefix" as const, bucket, prefix: "1987/" });
    for (const bucket of [own, near, "not-there"])
      expect(await inputOf(prefix(bucket))).toEqual({ kind: "prefix", bucket, prefix: "1987/" });
    const paged = { kind: "far_prefix", bucket: far, prefix: "1987/", after: "", part: 0 };
    expect(await inputOf(prefix(far))).toEqual(paged);
    const manifest = (bucket: string): BatchSource => ({
      kind: "manifest",
      manifest: { bucket, key: "a.csv" },
      format: "csv",
      bucket: null,
    });
    expect(await inputOf(manifest(near))).toMatchObject({ kind: "csv", bucket: near });
    expect(await inputOf(manifest(far))).toMatchObject({ kind: "far_csv", bucket: far, key: "a.csv" });
  });
});
