import { Lazy, Stack } from "aws-cdk-lib";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import { Bucket, type IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { allow } from "./grants.ts";
import type { Settings } from "./settings.ts";

/** Who may name a bucket as the source of a transcription or a batch. */
export type Owners = readonly string[] | "*";

const SOURCES = "The operator opened this bucket as a whole.";

/**
 * Buckets that owners may name as sources, besides the service's own, and all parts that read them or write beside what
 * they read. A bucket may come after the parts, and a part after the buckets.
 */
export class Sources extends Construct {
  readonly #owners: [IBucket, Owners][] = [];
  readonly #beside: IBucket[] = [];
  readonly #keys: readonly string[];
  readonly #readers: IGrantable[] = [];
  readonly #writers: IGrantable[] = [];

  constructor(scope: Construct, id: string, { sourceBuckets, besideBuckets, sourceKeys }: Settings) {
    super(scope, id);
    this.#keys = sourceKeys;
    for (const [name, owners] of Object.entries(sourceBuckets)) {
      const bucket = Bucket.fromBucketName(this, name, name) as IBucket;
      this.add(bucket, owners, besideBuckets.includes(name));
    }
  }

  add(bucket: IBucket, owners: Owners, beside: boolean): void {
    this.#owners.push([bucket, owners]);
    for (const reader of this.#readers) letRead(reader, [bucket]);
    if (!beside) return;
    this.#beside.push(bucket);
    for (const writer of this.#writers) letWriteBeside(writer, [bucket]);
  }

  /** Of this account or, where their own policy agrees, of others; with the keys that they are encrypted with. */
  readBy(grantee: IGrantable): void {
    this.#readers.push(grantee);
    if (this.#keys.length > 0) allow(grantee, ["kms:Decrypt"], [...this.#keys]);
    letRead(
      grantee,
      this.#owners.map(([bucket]) => bucket),
    );
  }

  /** Results beside the recordings; the probe that tries it is deleted again. */
  writtenBesideBy(grantee: IGrantable): void {
    this.#writers.push(grantee);
    letWriteBeside(grantee, this.#beside);
  }

  /** As src/aws/settings.ts reads it. */
  get environment(): string {
    const produce = () =>
      Stack.of(this).toJsonString(
        Object.fromEntries(this.#owners.map(([bucket, owners]) => [bucket.bucketName, owners])),
      );
    return Lazy.string({ produce });
  }
}

function letRead(grantee: IGrantable, buckets: readonly IBucket[]): void {
  if (buckets.length === 0) return;
  allow(
    grantee,
    ["s3:GetObject"],
    buckets.map((bucket) => bucket.arnForObjects("*")),
    SOURCES,
  );
  allow(
    grantee,
    ["s3:ListBucket"],
    buckets.map(({ bucketArn }) => bucketArn),
  );
  for (const { encryptionKey } of buckets)
    if (encryptionKey) allow(grantee, ["kms:Decrypt"], [encryptionKey.keyArn]);
}

function letWriteBeside(grantee: IGrantable, buckets: readonly IBucket[]): void {
  if (buckets.length === 0) return;
  const objects = buckets.map((bucket) => bucket.arnForObjects("*"));
  allow(grantee, ["s3:PutObject", "s3:AbortMultipartUpload", "s3:DeleteObject"], objects, SOURCES);
  for (const { encryptionKey } of buckets)
    if (encryptionKey) allow(grantee, ["kms:GenerateDataKey"], [encryptionKey.keyArn]);
}
