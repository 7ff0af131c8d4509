import { createHash } from "node:crypto";

const NAME = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/;

/**
 * Standard queues hand out messages of quiet groups before those of one that has much in flight ("fair queues").
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 */
export function fairGroup(owner: string | undefined): { MessageGroupId?: string } {
  if (owner === undefined) return {};
  return { MessageGroupId: NAME.test(owner) ? owner : createHash("sha256").update(owner).digest("hex") };
}
