import { webhookMessage } from "../messages.ts";
import type { Clock } from "../ports/clock.ts";
import { type Services, timestamp } from "../services.ts";
import {
  recordAttempt,
  WEBHOOK_QUEUE_DELAY_LIMIT_SECONDS,
  type Webhook,
  type WebhookMessage,
} from "../webhook.ts";
import { type Attempted, attemptWebhook, BUSY } from "./attempt.ts";
import { disableEndpoint, enableEndpoint } from "./endpoints.ts";
import { type WebhookSubject, webhookEvent } from "./event.ts";
import type { WebhookPost } from "./post.ts";
import { jitterOf, nextDelaySeconds } from "./schedule.ts";
import { ensureOwner } from "./secrets.ts";
import { changeWebhook, readSubject } from "./subject.ts";

const LEAST_POSTPONED_SECONDS = 5;

/** What an attempt makes of the webhook as it stands by then. */
interface Outcome {
  change: (webhook: Webhook) => Webhook | null;
  /** Null where the endpoint was not called. */
  attempted: Attempted | null;
}

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
  const record = await readSubject(services.store, subject, id);
  const webhook = record?.webhook;
  if (!record || webhook?.state !== "pending") return;
  // Too early, or the message of an attempt that is over: whoever made it may have died before sending the next one.
  if (attempt !== webhook.attemptCount || remainingSeconds(webhook, services.clock) > 0)
    return sendPendingWebhook(services, subject, record);
  const outcome = await makeAttempt(services, post, record, webhook);
  if (!outcome) return;
  if (outcome === BUSY) return postpone(services, { subject, id, attempt }, record, webhook);
  const updated = await changeWebhook(services.store, subject, id, (current) =>
    current.state === "pending" && current.attemptCount === attempt ? outcome.change(current) : null,
  );
  if (updated?.changed) report(services, updated.record, outcome.attempted);
  // Also where a twin was faster: it may have died since, and its message may have been this very one.
  if (updated) await sendPendingWebhook(services, subject, updated.record);
}

/** The message for the current attempt, if there is one to come: delayed until it is due, or as long as queues can. */
export async function sendPendingWebhook(
  { queues, clock }: Pick<Services, "queues" | "clock">,
  subject: WebhookMessage["subject"],
  { id, owner, webhook }: Pick<WebhookSubject, "id" | "owner" | "webhook">,
): Promise<void> {
  if (webhook?.state !== "pending") return;
  const delaySeconds = Math.min(
    Math.ceil(remainingSeconds(webhook, clock)),
    WEBHOOK_QUEUE_DELAY_LIMIT_SECONDS,
  );
  const body = webhookMessage({ subject, id, attempt: webhook.attemptCount });
  await queues.webhooks.send(body, { delaySeconds, owner });
}

function remainingSeconds({ nextAttemptAt }: Webhook, clock: Clock): number {
  return nextAttemptAt === null ? 0 : Math.max(0, (Date.parse(nextAttemptAt) - clock.now()) / 1000);
}

/**
 * Until there is room for the attempt, without counting one: about as long again as it has been due, so that those of an
 * endpoint that is never free are looked at less and less often.
 */
async function postpone(
  { queues, clock, log }: Services,
  message: WebhookMessage,
  { id, owner }: WebhookSubject,
  { eventId, nextAttemptAt, attemptCount }: Webhook,
): Promise<void> {
  const due = nextAttemptAt === null ? clock.now() : Date.parse(nextAttemptAt);
  const waited = Math.max(LEAST_POSTPONED_SECONDS, (clock.now() - due) / 1000);
  const jitter = await jitterOf(eventId, attemptCount);
  const delaySeconds = Math.min(WEBHOOK_QUEUE_DELAY_LIMIT_SECONDS, Math.ceil(waited * (0.5 + jitter)));
  await queues.webhooks.send(webhookMessage(message), { delaySeconds, owner });
  log.info("webhook.postponed", { id, owner, event_id: eventId, seconds: delaySeconds });
}

/** Null where there is nothing to tell of the subject. */
async function makeAttempt(
  services: Services,
  post: WebhookPost,
  record: WebhookSubject,
  webhook: Webhook,
): Promise<Outcome | typeof BUSY | null> {
  const event = webhookEvent(record);
  if (!event) return null;
  const owner = await ensureOwner(services, record.owner);
  const disabled = owner.disabledEndpoints.includes(webhook.url);
  if (disabled && webhook.redeliveredFrom === null) return { change: disableUncalled, attempted: null };
  const attempted = await attemptWebhook(services, post, { webhook, owner, event });
  if (attempted === BUSY) return BUSY;
  // Before the attempt is recorded, as nobody comes back to it afterwards.
  if (attempted.result === "gone") await disableEndpoint(services, owner.id, webhook.url);
  if (attempted.result === "delivered" && disabled) await enableEndpoint(services, owner.id, webhook.url);
  const jitter = await jitterOf(webhook.eventId, webhook.attemptCount);
  return { change: (current) => recordResult(services, current, attempted, jitter), attempted };
}

function recordResult(
  { clock }: Services,
  webhook: Webhook,
  { result, attempt, retryAfterSeconds }: Attempted,
  jitter: number,
): Webhook {
  const end = (state: Webhook["state"]) => recordAttempt(webhook, attempt, { state, nextAttemptAt: null });
  if (result === "delivered") return end("delivered");
  if (result === "gone") return { ...end("disabled"), disabledBy: "gone" };
  if (result === "refused") return { ...end("disabled"), disabledBy: "address_refused" };
  const delay = nextDelaySeconds(webhook, jitter, retryAfterSeconds);
  if (delay === null) return end("exhausted");
  return recordAttempt(webhook, attempt, { state: "pending", nextAttemptAt: timestamp(clock, delay) });
}

/** Unless a redelivery was asked for in the meantime, which calls it all the same. */
function disableUncalled(webhook: Webhook): Webhook | null {
  if (webhook.redeliveredFrom !== null) return null;
  return { ...webhook, state: "disabled", disabledBy: "endpoint_disabled", nextAttemptAt: null };
}

function report(
  { log, metrics }: Services,
  { id, owner, webhook }: WebhookSubject,
  attempted: Attempted | null,
): void {
  if (!webhook) return;
  const { eventId, state, attemptCount, nextAttemptAt } = webhook;
  const ended = state === "pending" ? "failed" : state;
  const outcome = attempted?.result === "refused" ? "refused" : ended;
  metrics.webhookAttempted(outcome);
  log[state === "delivered" ? "info" : "warn"](`webhook.${outcome}`, {
    id,
    owner,
    event_id: eventId,
    attempts: attemptCount,
    status: attempted?.attempt.status ?? null,
    error: attempted?.attempt.error ?? null,
    next_attempt_at: nextAttemptAt,
  });
}
