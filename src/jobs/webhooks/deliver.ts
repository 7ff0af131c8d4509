import { webhookMessage } from "../messages.ts";
import type { Clock } from "../ports/clock.ts";
import { type Services, timestamp } from "../services.ts";
import {
  recordAttempt,
  WEBHOOK_QUEUE_DELAY_LIMIT_SECONDS,
  type Webhook,
  type WebhookMessage,
} from "../webhook.ts";
import { type Attempted, attemptWebhook } from "./attempt.ts";
import { disableEndpoint, enableEndpoint } from "./endpoints.ts";
import { webhookEvent } from "./event.ts";
import type { WebhookPost } from "./post.ts";
import { jitterOf, nextDelaySeconds } from "./schedule.ts";
import { ensureOwner } from "./secrets.ts";
import { changeWebhook, readSubject } from "./subject.ts";

/**
 * What a message of the webhooks queue asks for: the attempt it names, if it is due, and the message for the one
 * after it. The message may be deleted once this returns: while the webhook is pending, there is another one then.
 * May be done again, and by two at once: the endpoint may then see an event twice, under the same `webhook-id`, but
 * the attempt counts once. An endpoint that fails is no error; throws where the store or the queue does.
 */
export async function deliverWebhook(
  services: Services,
  post: WebhookPost,
  { subject, id, attempt }: WebhookMessage,
): Promise<void> {
  const { store, clock } = services;
  const record = await readSubject(store, subject, id);
  const webhook = record?.webhook;
  const event = record && webhookEvent(record);
  if (!event || webhook?.state !== "pending") return;
  // Too early, or the message of an attempt that is over: whoever made that attempt may have died before sending on.
  if (attempt !== webhook.attemptCount || remainingSeconds(webhook, clock) > 0)
    return sendPendingWebhook(services, subject, record);
  const owner = await ensureOwner(services, record.owner);
  const disabled = owner.disabledEndpoints.includes(webhook.url);
  const change =
    disabled && webhook.redeliveredFrom === null
      ? skip(services, id)
      : await settle(services, id, owner.id, await attemptWebhook(services, post, { webhook, owner, event }), {
          webhook,
          disabled,
        });
  const updated = await changeWebhook(store, subject, id, (current) =>
    current.state === "pending" && current.attemptCount === attempt ? change(current) : null,
  );
  // Also where a twin was faster: it may have died since, and its message may be this very one.
  if (updated) await sendPendingWebhook(services, subject, updated.record);
}
