import type { z } from "@hono/zod-openapi";
import type { WebhookSecret } from "../../../src/jobs/owner.ts";
import type { DisabledBy, Webhook } from "../../../src/jobs/webhook.ts";
import type { WebhookSchema, WebhookSecretsSchema } from "../schemas/webhook.ts";

export function toWebhookResource(webhook: Webhook | null): z.output<typeof WebhookSchema> | null {
  if (!webhook) return null;
  return {
    url: webhook.url,
    event_id: webhook.eventId,
    status: webhook.state,
    attempt_count: webhook.attemptCount,
    attempts: webhook.attempts.map(({ at, status, error }) => ({ at, status, error })),
    next_attempt_at: webhook.nextAttemptAt,
    disabled_reason: reasonOf(webhook),
  };
}

const REASONS: Readonly<Record<DisabledBy, string>> = {
  gone: "The endpoint answered 410 Gone.",
  endpoint_disabled:
    "The endpoint answered 410 Gone to an earlier event: it gets no more until a redelivery to it succeeds.",
  address_refused: "Its address may not be called.",
};

function reasonOf({ state, disabledBy, attempts }: Webhook) {
  if (state !== "disabled" || disabledBy === undefined) return null;
  const told = disabledBy === "address_refused" ? attempts.at(-1)?.error : null;
  return { code: disabledBy, message: told ?? REASONS[disabledBy] };
}

export function toWebhookSecretsResource(
  secrets: readonly WebhookSecret[],
): z.output<typeof WebhookSecretsSchema> {
  return {
    data: secrets.map(({ secret, createdAt, expiresAt }) => ({
      secret,
      created_at: createdAt,
      expires_at: expiresAt,
    })),
  };
}
