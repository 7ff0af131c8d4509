import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { beforeAll, describe, expect, test } from "vitest";
import { INLINE_BYTES } from "../../../functions/api/large-answers.ts";
import { silentLog } from "../../../local/log.ts";
import { QUOTAS } from "../../../src/aws/quotas.ts";
import { awsServices } from "../../../src/aws/services.ts";
import { readAwsSettings } from "../../../src/aws/settings.ts";
import { createBatch } from "../../../src/jobs/batches/create-batch.ts";
import { InvalidRequestError } from "../../../src/jobs/errors.ts";
import { DEFAULT_LIMITS } from "../../../src/jobs/limits.ts";
import { batchSummaryKey, resultKey, uploadKey } from "../../../src/jobs/object-keys.ts";
import { makeS3Event } from "../../../src/jobs/s3-events.ts";
import type { Services } from "../../../src/jobs/services.ts";
import { createKey } from "../../../src/jobs/use-cases/keys.ts";
import { acceptUpload, claim, complete } from "../../../src/jobs/work/index.ts";
import { openAccount } from "../../e2e-aws/support/account.ts";
import { type ApiHandler, apiEvent, CONTEXT } from "../../e2e-aws/support/api-client.ts";
import { NO_METRICS } from "../../e2e-aws/support/no-metrics.ts";
import { batchRequest } from "../../support/archive.ts";
import { describeWithMoto } from "../../support/moto.ts";
import { speak, transcriptOf } from "../formats/samples.ts";

const ADA = { owner: "ada", keyId: "ke_1" };
const HOLD = { worker: "w", messageId: "m" };
const ID = `tr_${"0".repeat(32)}`;
const LONGEST_KEY = 'ä"\\'.repeat(QUOTAS.s3.keyBytes / 4);

describeWithMoto("the largest requests, against what AWS takes:", () => {
  let services: Services;
  let handler: ApiHandler;
  let authorization: string;
  beforeAll(async () => {
    await openAccount();
    services = {
      ...awsServices(readAwsSettings(), { log: silentLog, metrics: NO_METRICS }),
      startListing: async () => {},
    };
    const { secret } = await createKey(services, { owner: "ada", name: "test" });
    authorization = `Bearer ${secret}`;
    handler = (await import("../../../functions/api/main.ts")).handler;
  });

  /** The answer, after Lambda's border: all of it as JSON. */
  const call = async (method: string, path: string, body?: unknown) => {
    const event = apiEvent(method, path, { body, headers: { authorization } });
    expect(sizeOf(event)).toBeLessThan(QUOTAS.lambda.payloadBytes);
    const answer = (await handler(event, CONTEXT)) as APIGatewayProxyStructuredResultV2;
    expect(sizeOf(answer)).toBeLessThan(QUOTAS.lambda.payloadBytes);
    return { status: answer.statusCode, text: answer.body ?? "", headers: answer.headers ?? {} };
  };
  const create = async (body: object = {}) =>
    JSON.parse((await call("POST", "/v1/transcriptions", body)).text);

  /** Nothing but quotes, of which each takes a byte more at each border, in a document of about that many bytes. */
  const completed = async (bytes: number) => {
    const { id } = await create();
    const record = (await services.store.getTranscription(id))!;
    await services.blobs.put(record.source, "RIFF");
    await acceptUpload(services, record);
    await claim(services, id, HOLD, 60);
    const claimed = (await services.store.getTranscription(id))!;
    const empty = sizeOf({ ...transcriptOf([{ text: "" }]), text: "", id });
    const words = speak('"');
    const text = '"'.repeat((bytes - empty) / 4 - 100);
    await complete(services, claimed, HOLD, { ...transcriptOf([{ words, text }]), id });
    return id as string;
  };

  test("a transcript is answered up to what Lambda takes, and is a 303 to S3 above", {
    timeout: 300_000,
  }, async () => {
    const small = await completed(INLINE_BYTES);
    const inline = await call("GET", `/v1/transcriptions/${small}/transcript`);
    expect(inline.status).toBe(200);
    expect(Buffer.byteLength(inline.text)).toBeGreaterThan(0.99 * INLINE_BYTES);

    const large = await completed(3 * QUOTAS.lambda.payloadBytes);
    const { status, headers, text } = await call("GET", `/v1/transcriptions/${large}/transcript`);
    expect([status, headers.location]).toEqual([303, JSON.parse(text).download_url]);
    const answer = await fetch(String(headers.location));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(((await answer.json()) as { id: string }).id).toBe(large);
    // The URL opens this object and no other.
    const other = String(headers.location).replace(large, small);
    expect((await fetch(other)).status).toBe(403);
  });

  test("a summary is answered up to what Lambda takes, and is a 303 to S3 above", async () => {
    const line = `${JSON.stringify({ source: `tapes/${LONGEST_KEY}`, id: ID, status: "completed" })}\n`;
    for (const [bytes, expected] of [
      [INLINE_BYTES - line.length, 200],
      [INLINE_BYTES + 2 * line.length, 303],
    ]) {
      const source = { kind: "prefix" as const, bucket: services.bucket, prefix: "inbox/ada/" };
      const { record: batch } = await createBatch(services, ADA, batchRequest({ source }), null);
      const { id } = batch;
      const key = batchSummaryKey(id);
      await services.blobs.put(
        { bucket: services.bucket, key },
        line.repeat(bytes / Buffer.byteLength(line)),
      );
      const over = { ...batch, revision: 2, state: "completed" as const, summaryKey: key };
      expect(await services.store.saveBatch(batch, over)).toBe(true);
      expect((await call("GET", `/v1/batches/${id}/summary`)).status).toBe(expected);
    }
  });

  test("a request of the most bytes is an item of DynamoDB, and pages of such are answers", {
    timeout: 300_000,
  }, async () => {
    const { requestBytes, hotwords: most, hotwordCharacters, metadataValueCharacters } = DEFAULT_LIMITS;
    const phrase = "🎙".repeat(hotwordCharacters / 2);
    const hotwords = Array.from({ length: most }, () => ({ phrase }));
    const basic = { file_name: "ä".repeat(255), hotwords };
    const entry = (index: number) => [`m${index}`, '"'.repeat(metadataValueCharacters)] as const;
    const room = Math.floor((requestBytes - sizeOf(basic) - 20) / (sizeOf(entry(10)) + 2));
    const body = { ...basic, metadata: Object.fromEntries(Array.from({ length: room }, (_, i) => entry(i))) };
    expect(sizeOf(body)).toBeGreaterThan(0.98 * requestBytes);
    expect(sizeOf(body)).toBeLessThanOrEqual(requestBytes);
    for (let index = 0; index < 12; index++) {
      const { id } = await create(body);
      const record = await services.store.getTranscription(id);
      // Beside the record an item has its keys and those of three indexes.
      expect(sizeOf(record) + 2000).toBeLessThan(QUOTAS.dynamodb.itemBytes);
    }
    const page = await call("GET", "/v1/transcriptions?limit=100");
    expect(page.status).toBe(200);
    expect(JSON.parse(page.text).next).not.toBeNull();
    const tooLarge = {
      ...body,
      metadata: { ...body.metadata, more: "x".repeat(1000), again: "ä".repeat(1000) },
    };
    expect((await call("POST", "/v1/transcriptions", tooLarge)).status).toBe(413);
  });

  test("keys of our own fit, and one that does not is said to be at fault", async () => {
    const names = [uploadKey(ID, "🎙".repeat(255)), resultKey(ID), batchSummaryKey(ID)];
    for (const key of names) expect(Buffer.byteLength(key)).toBeLessThanOrEqual(QUOTAS.s3.keyBytes);
    const at = (key: string) => ({ bucket: services.bucket, key });
    expect(await services.blobs.put(at("x".repeat(QUOTAS.s3.keyBytes)), "here")).toBe(true);
    // A result beside a source whose own key is as long as keys may be: it fails once, and is not tried again.
    const beside = services.blobs.put(at(`${"x".repeat(QUOTAS.s3.keyBytes)}.json`), "here");
    await expect(beside).rejects.toThrow(InvalidRequestError);
  });

  test("an event of S3 about the longest key is a message", async () => {
    const object = {
      bucket: "b".repeat(63),
      key: LONGEST_KEY,
      size: 1,
      etag: "e".repeat(32),
      versionId: null,
    };
    const event = makeS3Event(object, "2026-03-01T12:00:00.000Z");
    expect(Buffer.byteLength(event)).toBeLessThan(QUOTAS.sqs.messageBytes / 100);
    await services.queues.transcribe.send(event, { delaySeconds: QUOTAS.sqs.delaySeconds });
  });

  test("upload URLs may live as long as S3 lets them", async () => {
    const expiresAt = new Date(Date.now() + QUOTAS.s3.presignedSeconds * 1000).toISOString();
    const ref = { bucket: services.bucket, key: "uploads/a" };
    const { url, headers } = await services.blobs.createUploadUrl(ref, { expiresAt, maxBytes: 1 });
    expect((await fetch(url, { method: "PUT", headers, body: "x" })).status).toBe(200);
    expect(DEFAULT_LIMITS.uploadBytes).toBeLessThanOrEqual(QUOTAS.s3.singlePutBytes);
  });
});

describe("the largest settings", () => {
  test("of what is accepted by default stay below them as well", () => {
    expect(DEFAULT_LIMITS.requestBytes).toBeLessThan(QUOTAS.apiGateway.payloadBytes);
    expect(DEFAULT_LIMITS.uploadUrlSeconds).toBeLessThan(QUOTAS.s3.presignedSeconds);
  });
});

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
