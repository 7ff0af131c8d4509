import { Readable } from "node:stream";
import { PutObjectCommand, type PutObjectCommandInput, type S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { InvalidRequestError } from "../../jobs/errors.ts";
import { isContended, isKeyTooLong, isTaken } from "./errors.ts";

/** Two of these are in memory at once. S3 takes 10,000 parts, so 80 GB. */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 2;
const MOST_TRIES = 5;

type Target = Omit<PutObjectCommandInput, "Body">;

/** False where the target must be absent and is not. Throws InvalidRequestError where no object can have that key. */
export async function writeObject(
  client: S3Client,
  target: Target,
  body: string | Uint8Array | AsyncIterable<Uint8Array>,
): Promise<boolean> {
  const whole = typeof body === "string" ? Buffer.from(body) : body instanceof Uint8Array ? body : null;
  for (let tries = 1; ; tries++) {
    try {
      if (whole) await client.send(new PutObjectCommand({ ...target, Body: whole }));
      else await writeStream(client, target, body as AsyncIterable<Uint8Array>);
      return true;
    } catch (error) {
      if (isTaken(error)) return false;
      if (isKeyTooLong(error))
        throw new InvalidRequestError(
          `An object cannot be stored under the key ${JSON.stringify(target.Key)}.`,
        );
      // A stream cannot be read a second time.
      if (!isContended(error) || !whole || tries === MOST_TRIES) throw error;
    }
  }
}

/** Of unknown length: in parts, or by one put where it is short. Whatever fails leaves nothing behind. */
async function writeStream(client: S3Client, target: Target, body: AsyncIterable<Uint8Array>): Promise<void> {
  const source = Readable.from(nonEmpty(body), { objectMode: true });
  try {
    const options = { client, params: { ...target, Body: source }, partSize: PART_BYTES };
    await new Upload({ ...options, queueSize: PARTS_AT_ONCE }).done();
  } finally {
    source.destroy();
  }
}

async function* nonEmpty(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) if (piece.length > 0) yield piece;
}
