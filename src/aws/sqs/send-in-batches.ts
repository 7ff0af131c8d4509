import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { backOff } from "../back-off.ts";

/** What one call of SQS takes. */
const MOST_MESSAGES = 10;
const MOST_BYTES = 256 * 1024;
const CALLS_AT_ONCE = 8;
const MOST_TRIES = 6;

/** Send any number of messages. Throws where some could not be sent; others may have been. */
export async function sendInBatches(
  client: SQSClient,
  QueueUrl: string,
  bodies: readonly string[],
  more: { MessageGroupId?: string } = {},
): Promise<void> {
  const batches = cut(bodies);
  const lane = async () => {
    for (let batch = batches.pop(); batch; batch = batches.pop())
      await sendBatch(client, QueueUrl, batch, more);
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, lane));
}

function cut(bodies: readonly string[]): string[][] {
  const batches: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const body of bodies) {
    const size = Buffer.byteLength(body);
    const last = batches.at(-1);
    if (last && last.length < MOST_MESSAGES && bytes + size <= MOST_BYTES) last.push(body);
    else batches.push([body]);
    bytes = batches.at(-1)?.length === 1 ? size : bytes + size;
  }
  return batches;
}

/** A call may succeed for some of its messages: the others are sent again. */
async function sendBatch(
  client: SQSClient,
  QueueUrl: string,
  bodies: readonly string[],
  more: { MessageGroupId?: string },
): Promise<void> {
  let left = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody, ...more }));
  for (let tries = 1; ; tries++) {
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries: left }));
    if (Failed.length === 0) return;
    const hopeless = tries === MOST_TRIES || Failed.some(({ SenderFault }) => SenderFault);
    if (hopeless) throw new Error(`SQS took all but ${Failed.length} messages: ${Failed[0].Message}`);
    left = left.filter(({ Id }) => Failed.some((failed) => failed.Id === Id));
    await backOff(tries);
  }
}
