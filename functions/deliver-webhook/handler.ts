import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { parseWebhookMessage } from "../../src/jobs/messages.ts";
import type { Services } from "../../src/jobs/services.ts";
import { deliverWebhook } from "../../src/jobs/webhooks/deliver.ts";
import type { WebhookPost } from "../../src/jobs/webhooks/post.ts";

/** Handles a batch of messages of the webhooks queue at once; those that failed come back. */
export function makeDeliverWebhookHandler(
  services: Services,
  post: WebhookPost,
): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const handle = async ({ messageId, body }: SQSRecord): Promise<SQSBatchItemFailure[]> => {
    const message = parseWebhookMessage(body);
    if (!message) {
      services.log.error("webhook.message_dropped", { message_id: messageId, body: body.slice(0, 500) });
      return [];
    }
    try {
      await deliverWebhook(services, post, message);
      return [];
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      services.log.error("webhook.delivery_broken_off", { message_id: messageId, ...message, error: text });
      return [{ itemIdentifier: messageId }];
    }
  };
  return async ({ Records }) => ({ batchItemFailures: (await Promise.all(Records.map(handle))).flat() });
}
