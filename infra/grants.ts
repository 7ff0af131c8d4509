import { Aws } from "aws-cdk-lib";
import type { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { acknowledgeWildcards } from "./acknowledge.ts";
import { INDEXES } from "./storage.ts";

const OBJECTS = "Objects under one prefix: which there will be, nobody knows beforehand.";

/** What each part may do, and nothing else. Names of object prefixes end in a slash. */

/** Read and write records one by one or by a query: no scans, nothing on the table itself. */
export function allowRecords(grantee: IGrantable, table: TableV2): void {
  const indexes = INDEXES.map((name) => `${table.tableArn}/index/${name}`);
  allow(
    grantee,
    ["GetItem", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"].map(
      (action) => `dynamodb:${action}`,
    ),
    [table.tableArn],
  );
  allow(grantee, ["dynamodb:Query"], [table.tableArn, ...indexes]);
}

/** Without the right to list, S3 answers 403 instead of 404 where there is no object. */
export function allowReading(grantee: IGrantable, bucket: IBucket, prefixes: readonly string[]): void {
  allow(grantee, ["s3:GetObject"], underPrefixes(bucket, prefixes), OBJECTS);
  allow(grantee, ["s3:ListBucket"], [bucket.bucketArn]);
}

export function allowWriting(grantee: IGrantable, bucket: IBucket, prefixes: readonly string[]): void {
  allow(grantee, ["s3:PutObject", "s3:AbortMultipartUpload"], underPrefixes(bucket, prefixes), OBJECTS);
}

/** Find out which parts of an upload are there. */
export function allowListingParts(grantee: IGrantable, bucket: IBucket, prefixes: readonly string[]): void {
  allow(grantee, ["s3:ListMultipartUploadParts"], underPrefixes(bucket, prefixes), OBJECTS);
}

/** Forget parts that will never be joined. */
export function allowDroppingParts(grantee: IGrantable, bucket: IBucket, prefixes: readonly string[]): void {
  allow(grantee, ["s3:AbortMultipartUpload"], underPrefixes(bucket, prefixes), OBJECTS);
}

export function allowDeleting(grantee: IGrantable, bucket: IBucket, prefixes: readonly string[]): void {
  allow(grantee, ["s3:DeleteObject"], underPrefixes(bucket, prefixes), OBJECTS);
}

export function allowSending(grantee: IGrantable, queues: readonly Queue[]): void {
  allow(
    grantee,
    ["sqs:SendMessage"],
    queues.map(({ queueArn }) => queueArn),
  );
}

/** Receive, extend, release, delete. */
export function allowWorking(grantee: IGrantable, queues: readonly Queue[]): void {
  allow(
    grantee,
    ["sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    queues.map(({ queueArn }) => queueArn),
  );
}

/** Use a key: each service asks for it in the name of whoever calls it. */
export function allowKey(grantee: IGrantable, { keyArn }: IKey): void {
  allow(
    grantee,
    [
      "kms:Decrypt",
      "kms:DescribeKey",
      "kms:Encrypt",
      "kms:GenerateDataKey",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
    ],
    [keyArn],
  );
}

/** `why`: the reason for wildcards at the end of the resources. */
export function allow(grantee: IGrantable, actions: string[], resources: string[], why?: string): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
  if (why !== undefined) acknowledgeWildcards(grantee, resources, why);
}

export function bucketArn(bucket: string): string {
  return `arn:${Aws.PARTITION}:s3:::${bucket}`;
}

function underPrefixes(bucket: IBucket, prefixes: readonly string[]): string[] {
  return prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`));
}
