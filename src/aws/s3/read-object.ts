import type { Readable } from "node:stream";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Blob, BlobRef } from "../../jobs/ports/index.ts";
import { factsOf } from "./facts.ts";

/** Failures in a row, without a byte in between. */
const MOST_FAILURES = 4;

/**
 * Open an object and read it as it is asked for. A connection that breaks, as S3 closes those that stand still for
 * long, is opened again where it was left: at the same content, or it throws.
 */
export async function readObject(client: S3Client, ref: BlobRef): Promise<Blob> {
  const first = await client.send(new GetObjectCommand(place(ref)));
  return { facts: factsOf(ref, first), body: readAll(client, ref, first) };
}

type Opened = Awaited<ReturnType<typeof open>>;

async function* readAll(client: S3Client, ref: BlobRef, first: Opened): AsyncGenerator<Uint8Array> {
  const { ContentLength: size = 0, ETag: etag } = first;
  let stream = first.Body as Readable;
  let at = 0;
  let failures = 0;
  try {
    while (at < size || failures === 0) {
      try {
        for await (const piece of stream as AsyncIterable<Uint8Array>) {
          at += piece.length;
          failures = 0;
          yield piece;
        }
        if (at >= size) return;
        throw new Error(`s3://${ref.bucket}/${ref.key} ended after ${at} of ${size} bytes`);
      } catch (error) {
        if (++failures > MOST_FAILURES || at >= size) throw error;
        stream = (await open(client, ref, at, etag)).Body as Readable;
      }
    }
  } finally {
    stream.destroy();
  }
}

function open(client: S3Client, ref: BlobRef, from: number, etag: string | undefined) {
  return client.send(new GetObjectCommand({ ...place(ref), Range: `bytes=${from}-`, IfMatch: etag }));
}

function place({ bucket, key }: BlobRef) {
  return { Bucket: bucket, Key: key };
}
