/** Where the delivery of one event stands. */
export type WebhookState =
  /** The event has not happened yet. */
  | "waiting"
  /** It has; it is being delivered, or will be tried again. */
  | "pending"
  | "delivered"
  /** Every attempt failed. */
  | "exhausted"
  /** The endpoint answered 410 Gone, to this event or an earlier one, or its address may not be called. */
  | "disabled";

export interface WebhookAttempt {
  /** ISO 8601 UTC. */
  at: string;
  /** Of the answer; null where there was none. */
  status: number | null;
  /** Why there was none, or why the answer is no success; null on success. */
  error: string | null;
}

/** A webhook as its subject (a transcription, a batch) carries it. */
export interface Webhook {
  url: string;
  /** `webhook-id`: the same over all attempts. */
  eventId: string;
  state: WebhookState;
  /** How many attempts were made, those no longer listed included. */
  attemptCount: number;
  /** The last ones, oldest first. */
  attempts: WebhookAttempt[];
  /** ISO 8601 UTC; null unless pending. */
  nextAttemptAt: string | null;
  /**
   * `attemptCount` when delivery was last asked for by hand: the schedule counts from there, and a disabled endpoint
   * is called all the same. Null: it never was.
   */
  redeliveredFrom: number | null;
  /** Why it is `disabled`; absent where it is not, or was before this was written down. */
  disabledBy?: DisabledBy;
}

/** `gone`: this event was answered 410; `endpoint_disabled`: an earlier one was; `address_refused`: its address may not be called. */
export type DisabledBy = "gone" | "endpoint_disabled" | "address_refused";

/** What waits in the webhooks queue. `attempt` is the number of attempts made before it, from 0. */
export interface WebhookMessage {
  subject: "transcription" | "batch";
  id: string;
  attempt: number;
}

/** `type` of the event's body. */
export type WebhookEventType = `transcription.${ToldState}` | "batch.completed";

/** Ends of a transcription that webhooks tell of. */
export const TOLD_STATES = ["completed", "failed", "canceled", "expired"] as const;
export type ToldState = (typeof TOLD_STATES)[number];

export const WEBHOOK_QUEUE_DELAY_LIMIT_SECONDS = 900;

/** Seconds before each attempt, counted from the one before it (Standard Webhooks' schedule, without its jitter). */
export const WEBHOOK_DELAYS_SECONDS: readonly number[] = [
  0,
  5,
  5 * 60,
  30 * 60,
  2 * 3600,
  5 * 3600,
  10 * 3600,
  14 * 3600,
  20 * 3600,
  24 * 3600,
];

const ATTEMPTS_KEPT = 20;

export function newWebhook(url: string, eventId: string): Webhook {
  return {
    url,
    eventId,
    state: "waiting",
    attemptCount: 0,
    attempts: [],
    nextAttemptAt: null,
    redeliveredFrom: null,
  };
}

/** What becomes of a record's webhook when what it tells of happens. */
export function startedWebhook(webhook: Webhook | null, now: string): Webhook | null {
  return webhook && startWebhook(webhook, now);
}

/** The event has happened: the first attempt is due. */
export function startWebhook(webhook: Webhook, now: string): Webhook {
  return { ...webhook, state: "pending", nextAttemptAt: now };
}

/** Add an attempt to the log. */
export function recordAttempt(
  webhook: Webhook,
  attempt: WebhookAttempt,
  after: Pick<Webhook, "state" | "nextAttemptAt">,
): Webhook {
  const attempts = [...webhook.attempts, attempt].slice(-ATTEMPTS_KEPT);
  return { ...webhook, ...after, attempts, attemptCount: webhook.attemptCount + 1 };
}
