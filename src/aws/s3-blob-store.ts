import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { BlobNotFoundError, BlobUnreadableError } from "../jobs/errors.ts";
import type {
  Blob,
  BlobFacts,
  BlobRef,
  BlobStore,
  Clock,
  SignedDownload,
  SignedUpload,
} from "../jobs/ports/index.ts";
import { uploadHeaders } from "../jobs/upload-headers.ts";
import { isArchived, isBucketMissing, isForbidden, isMissing } from "./s3/errors.ts";
import { factsOf } from "./s3/facts.ts";
import { S3PartUploads } from "./s3/part-uploads.ts";
import { readObject } from "./s3/read-object.ts";
import { writeObject } from "./s3/write-object.ts";

export interface S3BlobStoreOptions {
  client: S3Client;
  /** Signs URLs. It must add no checksum to them: of what will be uploaded nothing is known. */
  presigner: S3Client;
  /** "Forbidden" in this one is the service's own fault; in any other one it is its owner's to change. */
  ownBucket: string;
  clock: Clock;
}

/** Objects in S3, of the service's bucket and of those that it was let into. */
export class S3BlobStore implements BlobStore {
  readonly parts: S3PartUploads;
  readonly #options: S3BlobStoreOptions;

  constructor(options: S3BlobStoreOptions) {
    this.#options = options;
    this.parts = new S3PartUploads(options);
  }

  put(
    ref: BlobRef,
    body: string | Uint8Array | AsyncIterable<Uint8Array>,
    { contentType, ifAbsent = false }: { contentType?: string; ifAbsent?: boolean } = {},
  ): Promise<boolean> {
    const target = { ...place(ref), ...typed(contentType), ...(ifAbsent && { IfNoneMatch: "*" }) };
    return writeObject(this.#options.client, target, body);
  }

  async get(ref: BlobRef): Promise<Blob> {
    try {
      return await readObject(this.#options.client, ref);
    } catch (error) {
      if (isBucketMissing(error)) throw new BlobNotFoundError(ref.bucket, null);
      if (isMissing(error)) throw new BlobNotFoundError(ref.bucket, ref.key);
      throw this.#explain(error, ref);
    }
  }

  async head(ref: BlobRef): Promise<BlobFacts | null> {
    try {
      return factsOf(ref, await this.#options.client.send(new HeadObjectCommand(place(ref))));
    } catch (error) {
      if (isMissing(error)) return null;
      throw this.#explain(error, ref);
    }
  }

  async *list(bucket: string, prefix: string, after = ""): AsyncGenerator<BlobFacts> {
    const { client } = this.#options;
    // XML cannot hold every character that a key may have.
    const query = { Bucket: bucket, Prefix: prefix, EncodingType: "url" as const };
    for await (const page of paginateListObjectsV2(
      { client },
      { ...query, ...(after && { StartAfter: after }) },
    ))
      for (const found of page.Contents ?? [])
        yield factsOf({ bucket, key: decodeKey(found.Key ?? "") }, found);
  }

  async delete(ref: BlobRef): Promise<void> {
    await this.#options.client.send(new DeleteObjectCommand(place(ref)));
  }

  /**
   * Once-only is signed, and the content type where one is given: S3 refuses the PUT without these very headers, and
   * takes it with any others. A PUT's length it cannot bound (only a form's POST can), so that `maxBytes` is not
   * enforced here: workers refuse what is longer, and nobody but the holder of a key can have uploaded it. The URL dies
   * with the credentials that signed it, which may be before `expiresAt`.
   */
  async createUploadUrl(
    ref: BlobRef,
    { expiresAt, contentType }: { expiresAt: string; contentType?: string; maxBytes: number },
  ): Promise<SignedUpload> {
    const command = new PutObjectCommand({ ...place(ref), ...typed(contentType), IfNoneMatch: "*" });
    const url = await getSignedUrl(this.#options.presigner, command, {
      expiresIn: this.#secondsTo(expiresAt),
      // The SDK gives a body that it does not know a type of its own, which the caller would never hear of.
      signableHeaders: new Set([
        "host",
        "if-none-match",
        ...(contentType === undefined ? [] : ["content-type"]),
      ]),
      unhoistableHeaders: new Set(["if-none-match"]),
    });
    return { url, method: "PUT", headers: uploadHeaders(contentType), expiresAt };
  }

  async createDownloadUrl(
    ref: BlobRef,
    { expiresAt, contentType, contentDisposition }: Parameters<BlobStore["createDownloadUrl"]>[1],
  ): Promise<SignedDownload> {
    const command = new GetObjectCommand({
      ...place(ref),
      ResponseContentType: contentType,
      ResponseContentDisposition: contentDisposition,
    });
    const url = await getSignedUrl(this.#options.presigner, command, {
      expiresIn: this.#secondsTo(expiresAt),
    });
    return { url, expiresAt };
  }

  #secondsTo(time: string): number {
    return Math.max(1, Math.floor((Date.parse(time) - this.#options.clock.now()) / 1000));
  }

  /** Archived objects are forbidden as well: that comes first. */
  #explain(error: unknown, { bucket, key }: BlobRef): unknown {
    if (isArchived(error))
      return new BlobUnreadableError(
        "archived",
        `The object ${bucket}/${key} lies in an archive (${error.StorageClass ?? error.AccessTier ?? "of S3"}). ` +
          "Restore it in S3, then ask for it again.",
      );
    if (isForbidden(error) && bucket !== this.#options.ownBucket)
      return new BlobUnreadableError(
        "access_denied",
        `The service may not read the object ${bucket}/${key}, or it is not there. ` +
          "Let the service read and list that bucket, then ask for it again.",
      );
    return error;
  }
}

function place({ bucket, key }: BlobRef) {
  return { Bucket: bucket, Key: key };
}

function typed(contentType: string | undefined) {
  return contentType === undefined ? {} : { ContentType: contentType };
}

function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll("+", " "));
}
