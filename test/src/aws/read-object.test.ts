import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, onTestFinished, test } from "vitest";
import { S3BlobStore } from "../../../src/aws/s3-blob-store.ts";
import { systemClock } from "../../../src/aws/system.ts";
import { BlobNotFoundError, BlobUnreadableError } from "../../../src/jobs/errors.ts";

type Answer = { status: number; body?: Buffer; etag?: string; size?: number; breakAfter?: number };

/** An S3 that answers each request as it is told, and may break the connection in the middle. */
async function startS3(answer: (headers: IncomingHttpHeaders, index: number) => Answer) {
  let index = 0;
  const server = createServer((request, response) => {
    const { status, body = Buffer.alloc(0), etag = '"one"', breakAfter } = answer(request.headers, index++);
    response.writeHead(status, {
      etag,
      "content-length": body.length,
      "last-modified": new Date(0).toUTCString(),
    });
    if (breakAfter === undefined) response.end(body);
    else response.write(body.subarray(0, breakAfter), () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "eu-central-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    forcePathStyle: true,
    maxAttempts: 1,
  });
  return new S3BlobStore({ client, presigner: client, ownBucket: "service", clock: systemClock });
}

const errorOf = (code: string) => Buffer.from(`<Error><Code>${code}</Code><Message>No.</Message></Error>`);
const REF = { bucket: "service", key: "uploads/long.wav" };
const CONTENT = Buffer.from(Array.from({ length: 1_000_000 }, (_, i) => (i * 7) % 251));
const from = ({ range }: IncomingHttpHeaders) => Number(/^bytes=(\d+)-$/.exec(range ?? "bytes=0-")?.[1]);

describe("an object in S3", () => {
  test("is read on where the connection broke, at the same content", async () => {
    const asked: (string | undefined)[] = [];
    const blobs = await startS3((headers, index) => {
      asked.push(headers["if-match"]);
      const body = CONTENT.subarray(from(headers));
      return { status: index === 0 ? 200 : 206, body, ...(index < 3 && { breakAfter: 200_000 }) };
    });
    const { facts, body } = await blobs.get(REF);
    expect(facts.size).toBe(CONTENT.length);
    expect((await buffer(body)).equals(CONTENT)).toBe(true);
    expect(asked).toEqual([undefined, '"one"', '"one"', '"one"']);
  });

  test("that has changed meanwhile is not read on", async () => {
    const blobs = await startS3((_, index) =>
      index === 0 ? { status: 200, body: CONTENT, breakAfter: 1000 } : { status: 412 },
    );
    const { body } = await blobs.get(REF);
    await expect(buffer(body)).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
  });

  test("whose connection breaks at once again and again is given up", async () => {
    let requests = 0;
    const blobs = await startS3((headers, index) => {
      requests++;
      return {
        status: index === 0 ? 200 : 206,
        body: CONTENT.subarray(from(headers)),
        breakAfter: index === 0 ? 10 : 0,
      };
    });
    const { body } = await blobs.get(REF);
    await expect(buffer(body)).rejects.toThrow();
    expect(requests).toBe(5);
  });

  test.each([
    ["without a word", undefined],
    ["as access denied", "AccessDenied"],
  ])("that is refused %s is its bucket's owner's business, unless the bucket is ours", async (_, code) => {
    const blobs = await startS3(() => ({ status: 403, ...(code && { body: errorOf(code) }) }));
    const other = { ...REF, bucket: "somebody-elses" };
    for (const refused of [blobs.head(other), blobs.get(other)]) {
      const error: unknown = await refused.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(BlobUnreadableError);
      expect(error).toMatchObject({
        code: "access_denied",
        message: expect.stringMatching(/somebody-elses\/uploads\/long\.wav.*Let the service/),
      });
    }
    for (const refused of [blobs.head(REF), blobs.get(REF)])
      await expect(refused).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });

  test("whose bucket is not there is told from one that is not in it", async () => {
    const asked = (code: string) =>
      startS3(() => ({ status: 404, body: errorOf(code) })).then((blobs) => blobs.get(REF));
    await expect(asked("NoSuchKey")).rejects.toThrow("There is no object service/uploads/long.wav.");
    await expect(asked("NoSuchBucket")).rejects.toThrow("There is no bucket service.");
    await expect(asked("NoSuchBucket")).rejects.toThrow(BlobNotFoundError);
  });
});
