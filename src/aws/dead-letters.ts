import { GetQueueUrlCommand, ListDeadLetterSourceQueuesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { InvalidRequestError } from "../jobs/errors.ts";
import { SqsQueue } from "./sqs-queue.ts";

/**
 * The queue of dead letters that an ARN names, and the one that its letters come from. Throws InvalidRequestError where
 * it is no ARN of a queue, or where no queue, or more than one, sends its dead letters there.
 */
export async function openDeadLetters(
  client: SQSClient,
  arn: string,
): Promise<{ deadLetters: SqsQueue; queue: SqsQueue }> {
  const [, , service, , account, name] = arn.split(":");
  if (service !== "sqs" || !account || !name)
    throw new InvalidRequestError(
      `"${arn}" is not the ARN of a queue, like arn:aws:sqs:eu-west-1:123456789012:name.`,
    );
  const found = await client.send(
    new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account }),
  );
  const url = found.QueueUrl ?? "";
  const { queueUrls = [] } = await client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: url }));
  const [source] = queueUrls;
  if (source === undefined || queueUrls.length > 1)
    throw new InvalidRequestError(
      `${queueUrls.length} queues send their dead letters to ${name}: there must be one.`,
    );
  return {
    deadLetters: new SqsQueue({ client, name, url }),
    queue: new SqsQueue({ client, name: source.split("/").at(-1) ?? source, url: source }),
  };
}
