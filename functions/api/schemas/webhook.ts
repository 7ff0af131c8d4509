import { z } from "@hono/zod-openapi";
import { TOLD_STATES } from "../../../src/jobs/webhook.ts";
import { Timestamp } from "./common.ts";

export const WebhookSchema = z
  .object({
    url: z.string(),
    event_id: z.string().openapi({ description: "The `webhook-id` header of every attempt." }),
    status: z.enum(["waiting", "pending", "delivered", "exhausted", "disabled"]).openapi({
      description:
        "`waiting`: the event has not happened yet. `pending`: it is being delivered, or will be tried again. `exhausted`: every attempt failed. `disabled`: the endpoint answered 410, or its address may not be called.",
    }),
    attempt_count: z.int(),
    attempts: z
      .array(
        z
          .object({
            at: Timestamp,
            status: z.int().nullable().openapi({ description: "Of the answer; null where there was none." }),
            error: z.string().nullable(),
          })
          .openapi("WebhookAttempt"),
      )
      .openapi({ description: "The last ones, oldest first." }),
    next_attempt_at: Timestamp.nullable(),
    disabled_reason: z
      .object({
        code: z.enum(["gone", "endpoint_disabled", "address_refused"]),
        message: z.string(),
      })
      .nullable()
      .openapi({ description: "Why it is `disabled`." }),
  })
  .openapi("Webhook");

export const WebhookSecretsSchema = z
  .object({
    data: z
      .array(
        z.object({
          secret: z.string().openapi({
            description: "`whsec_` and base64.",
            example: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
          }),
          created_at: Timestamp,
          expires_at: Timestamp.nullable().openapi({ description: "Null for the current one." }),
        }),
      )
      .openapi({ description: "Those that sign now, the current one first." }),
  })
  .openapi("WebhookSecrets");

const common = {
  metadata: z.record(z.string(), z.string()).optional(),
  metadata_omitted: z.literal(true).optional(),
};
const failure = z.object({ code: z.string(), message: z.string() });

export const TranscriptionEventSchema = z
  .object({
    type: z.enum(TOLD_STATES.map((state) => `transcription.${state}` as const)),
    timestamp: Timestamp,
    data: z.object({
      id: z.string(),
      status: z.enum(TOLD_STATES),
      batch_id: z.string().optional(),
      file_name: z.string().nullable(),
      duration: z.number().optional().openapi({ description: "Seconds of audio." }),
      error: failure.optional(),
      ...common,
    }),
  })
  .openapi("TranscriptionEvent");

export const BatchEventSchema = z
  .object({
    type: z.literal("batch.completed"),
    timestamp: Timestamp,
    data: z.object({
      id: z.string(),
      status: z.enum(["completed", "canceled", "failed"]),
      counts: z.record(z.string(), z.int()),
      ...common,
    }),
  })
  .openapi("BatchEvent", { description: "Sent at every end of a batch: `status` tells which." });
