import { createRoute } from "@hono/zod-openapi";
import type { Services } from "../../../src/jobs/services.ts";
import { rotateWebhookSecret, webhookSecrets } from "../../../src/jobs/webhooks/secrets.ts";
import type { Api } from "../environment.ts";
import { toWebhookSecretsResource } from "../resources/to-webhook.ts";
import { BEARER, jsonAnswer } from "../schemas/answers.ts";
import { NoQuery } from "../schemas/common.ts";
import { problemAnswers } from "../schemas/problem.ts";
import { WebhookSecretsSchema } from "../schemas/webhook.ts";

const list = createRoute({
  method: "get",
  path: "/v1/webhook-secrets",
  operationId: "listWebhookSecrets",
  tags: ["Webhooks"],
  summary: "List webhook secrets",
  description: "What webhooks are signed with: one secret, or two while one takes over from the other.",
  security: BEARER,
  request: { query: NoQuery },
  responses: { 200: jsonAnswer("The secrets.", WebhookSecretsSchema), ...problemAnswers() },
});

const rotate = createRoute({
  method: "post",
  path: "/v1/webhook-secrets/rotate",
  operationId: "rotateWebhookSecret",
  tags: ["Webhooks"],
  summary: "Rotate the webhook secret",
  description: "Makes a new secret. The one before it signs beside it until its `expires_at`.",
  security: BEARER,
  request: { query: NoQuery },
  responses: {
    200: jsonAnswer("The secrets, the new one first.", WebhookSecretsSchema),
    ...problemAnswers("too_large"),
  },
});

export function addWebhookSecrets(app: Api, services: Services): void {
  app.openapi(list, async (context) => {
    const secrets = await webhookSecrets(services, context.get("caller"));
    return context.json(toWebhookSecretsResource(secrets), 200);
  });
  app.openapi(rotate, async (context) => {
    await rotateWebhookSecret(services, context.get("caller"));
    const secrets = await webhookSecrets(services, context.get("caller"));
    return context.json(toWebhookSecretsResource(secrets), 200);
  });
}
