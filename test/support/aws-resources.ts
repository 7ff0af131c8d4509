import { CreateTableCommand, DynamoDBClient, type GlobalSecondaryIndex } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, PutBucketNotificationConfigurationCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";

/** What the stack makes, in an account of moto. */

let made = 0;

/** Unlike any other of this process. */
export function freshName(stem: string): string {
  made++;
  return `${stem}-${made}`;
}

export async function createBucket(name = freshName("bucket")): Promise<string> {
  const CreateBucketConfiguration = { LocationConstraint: "eu-central-1" as const };
  await new S3Client({ forcePathStyle: true }).send(
    new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration }),
  );
  return name;
}

export async function createTable(name = freshName("table")): Promise<string> {
  const attributes = [
    "pk",
    "sk",
    ...["gsi1", "gsi2", "gsi3"].flatMap((index) => [`${index}pk`, `${index}sk`]),
  ];
  const index = (IndexName: string): GlobalSecondaryIndex => ({
    IndexName,
    KeySchema: schema(`${IndexName}pk`, `${IndexName}sk`),
    Projection: { ProjectionType: "KEYS_ONLY" },
  });
  await new DynamoDBClient().send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: schema("pk", "sk"),
      GlobalSecondaryIndexes: ["gsi1", "gsi2", "gsi3"].map(index),
    }),
  );
  return name;
}

function schema(hash: string, range: string) {
  return [
    { AttributeName: hash, KeyType: "HASH" as const },
    { AttributeName: range, KeyType: "RANGE" as const },
  ];
}

/** Returns the queue's URL. */
export async function createQueue(
  name = freshName("queue"),
  attributes: Record<string, string> = {},
): Promise<string> {
  const { QueueUrl } = await new SQSClient().send(
    new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
  );
  return QueueUrl ?? "";
}

/** A queue and the one that takes what it gives up. */
export async function createQueueWithDeadLetters(
  maxReceiveCount: number,
  name = freshName("queue"),
): Promise<{ url: string; deadUrl: string }> {
  const deadUrl = await createQueue(`${name}-dead`);
  const deadLetterTargetArn = await arnOf(deadUrl);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount });
  return { url: await createQueue(name, { RedrivePolicy }), deadUrl };
}

export async function arnOf(queueUrl: string): Promise<string> {
  const { Attributes } = await new SQSClient().send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["QueueArn"] }),
  );
  return Attributes?.QueueArn ?? "";
}

/** New objects under uploads/ and inbox/ are announced in the queue. */
export async function announceObjects(bucket: string, queueUrl: string): Promise<void> {
  const QueueArn = await arnOf(queueUrl);
  const QueueConfigurations = ["uploads/", "inbox/"].map((Value) => ({
    QueueArn,
    Events: ["s3:ObjectCreated:*" as const],
    Filter: { Key: { FilterRules: [{ Name: "prefix" as const, Value }] } },
  }));
  await new S3Client({ forcePathStyle: true }).send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: bucket,
      NotificationConfiguration: { QueueConfigurations },
    }),
  );
}
