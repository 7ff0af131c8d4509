import type { z } from "@hono/zod-openapi";
import type { WebhookSecret } from "../../../src/jobs/owner.ts";
import type { Webhook } from "../../../src/jobs/webhook.ts";
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
  };
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
