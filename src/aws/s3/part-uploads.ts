import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  NoSuchUpload,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { BlobRef, Clock, PartUploads, SignedPart, StoredPart } from "../../jobs/ports/index.ts";
import { isTaken } from "./errors.ts";

export interface S3PartUploadsOptions {
  client: S3Client;
  /** As that of S3BlobStore. */
  presigner: S3Client;
  clock: Clock;
}

/** S3's multipart uploads: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */
export class S3PartUploads implements PartUploads {
  readonly #options: S3PartUploadsOptions;

  constructor(options: S3PartUploadsOptions) {
    this.#options = options;
  }

  async begin(ref: BlobRef, { contentType }: { contentType?: string }): Promise<string> {
    const type = contentType === undefined ? {} : { ContentType: contentType };
    const { UploadId } = await this.#options.client.send(
      new CreateMultipartUploadCommand({ ...place(ref), ...type }),
    );
    if (!UploadId) throw new Error(`S3 gave no id for an upload of ${ref.key}`);
    return UploadId;
  }

  /** As with a PUT, S3 cannot be told how long a part may be: its size is looked at before the parts are joined. */
  sign(
    ref: BlobRef,
    uploadId: string,
    numbers: readonly number[],
    { expiresAt }: { expiresAt: string },
  ): Promise<SignedPart[]> {
    const { presigner, clock } = this.#options;
    const expiresIn = Math.max(1, Math.floor((Date.parse(expiresAt) - clock.now()) / 1000));
    return Promise.all(
      numbers.map(async (number) => {
        const command = new UploadPartCommand({ ...place(ref), UploadId: uploadId, PartNumber: number });
        return { number, url: await getSignedUrl(presigner, command, { expiresIn }) };
      }),
    );
  }

  async list(ref: BlobRef, uploadId: string): Promise<StoredPart[] | null> {
    const { client } = this.#options;
    const found: StoredPart[] = [];
    try {
      for (let marker: string | undefined; ; ) {
        const query = { ...place(ref), UploadId: uploadId, ...(marker && { PartNumberMarker: marker }) };
        const page = await client.send(new ListPartsCommand(query));
        for (const { PartNumber = 0, Size = 0, ETag = "" } of page.Parts ?? [])
          found.push({ number: PartNumber, size: Size, etag: ETag });
        // The last page has a marker as well.
        if (!page.IsTruncated) return found;
        marker = page.NextPartNumberMarker;
      }
    } catch (error) {
      if (isGone(error)) return null;
      throw error;
    }
  }

  async join(ref: BlobRef, uploadId: string, parts: readonly StoredPart[]): Promise<boolean> {
    const Parts = parts.map(({ number, etag }) => ({ PartNumber: number, ETag: etag }));
    try {
      await this.#options.client.send(
        new CompleteMultipartUploadCommand({
          ...place(ref),
          UploadId: uploadId,
          MultipartUpload: { Parts },
          IfNoneMatch: "*",
        }),
      );
      return true;
    } catch (error) {
      if (!isTaken(error) && !isGone(error)) throw error;
      await this.drop(ref, uploadId);
      return false;
    }
  }

  async drop(ref: BlobRef, uploadId: string): Promise<void> {
    const abort = new AbortMultipartUploadCommand({ ...place(ref), UploadId: uploadId });
    await this.#options.client.send(abort).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
  }
}

function isGone(error: unknown): boolean {
  return error instanceof NoSuchUpload || (error instanceof Error && error.name === "NoSuchUpload");
}

function place({ bucket, key }: BlobRef) {
  return { Bucket: bucket, Key: key };
}
