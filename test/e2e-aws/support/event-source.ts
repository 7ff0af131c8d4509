import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Context, SNSEvent, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { onTestFinished } from "vitest";
import { arnOf } from "../../support/aws-resources.ts";
import { CONTEXT } from "./api-client.ts";

type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Feeds a queue to a function as Lambda's event source mapping does, until the test ends. */
export async function feed(queueUrl: string, handler: Handler): Promise<void> {
  const client = new SQSClient();
  const arn = await arnOf(queueUrl);
  const stop = new AbortController();
  const running = (async () => {
    while (!stop.signal.aborted) {
      const event = await receive(client, queueUrl, arn);
      if (event.Records.length === 0) continue;
      const { batchItemFailures } = await handler(event, CONTEXT);
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const { messageId, receiptHandle } of event.Records)
        if (!failed.has(messageId))
          await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle }));
    }
  })();
  onTestFinished(async () => {
    stop.abort();
    await running;
  });
}

/** Hands the events of S3 in a queue to accept-arrivals as SNS does, until the test ends. */
export function feedArrivals(
  queueUrl: string,
  handler: (event: SNSEvent, context: Context) => Promise<void>,
) {
  return feed(queueUrl, async ({ Records }) => {
    for (const { body } of Records)
      await handler({ Records: [{ EventSource: "aws:sns", Sns: { Message: body } }] } as SNSEvent, CONTEXT);
    return { batchItemFailures: [] };
  });
}

async function receive(client: SQSClient, QueueUrl: string, eventSourceARN: string): Promise<SQSEvent> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 1,
      VisibilityTimeout: 60,
      MessageSystemAttributeNames: ["All"],
    }),
  );
  const Records = Messages.map(
    ({ MessageId = "", ReceiptHandle = "", Body = "", MD5OfBody = "", Attributes }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: Attributes as unknown as SQSEvent["Records"][number]["attributes"],
      messageAttributes: {},
      md5OfBody: MD5OfBody,
      eventSource: "aws:sqs",
      eventSourceARN,
      awsRegion: "eu-central-1",
    }),
  );
  return { Records };
}
