import { createRoute } from "@hono/zod-openapi";
import type { Batch } from "../../../src/jobs/batch.ts";
import type { Services } from "../../../src/jobs/services.ts";
import type { Transcription } from "../../../src/jobs/transcription.ts";
import { redeliverWebhook } from "../../../src/jobs/webhooks/redeliver.ts";
import type { Api } from "../environment.ts";
import { toBatchResource } from "../resources/to-batch.ts";
import { toTranscriptionResource } from "../resources/to-transcription.ts";
import { BEARER, jsonAnswer } from "../schemas/answers.ts";
import { BatchSchema } from "../schemas/batch.ts";
import { BatchId, idParameter, NoQuery, TranscriptionId } from "../schemas/common.ts";
import { problemAnswers } from "../schemas/problem.ts";
import { TranscriptionSchema } from "../schemas/transcription.ts";

const DESCRIPTION =
  "Sends the event again, with the same `webhook-id`, from the start of the schedule on; to a disabled endpoint too.";

const ofTranscription = createRoute({
  method: "post",
  path: "/v1/transcriptions/{id}/webhook/redeliver",
  operationId: "redeliverTranscriptionWebhook",
  tags: ["Webhooks"],
  summary: "Deliver a transcription's webhook again",
  description: DESCRIPTION,
  security: BEARER,
  request: { params: idParameter(TranscriptionId), query: NoQuery },
  responses: {
    202: jsonAnswer("It is on its way.", TranscriptionSchema),
    ...problemAnswers("not_found", "no_webhook", "not_completed", "deleted", "too_large"),
  },
});

const ofBatch = createRoute({
  method: "post",
  path: "/v1/batches/{id}/webhook/redeliver",
  operationId: "redeliverBatchWebhook",
  tags: ["Webhooks"],
  summary: "Deliver a batch's webhook again",
  description: DESCRIPTION,
  security: BEARER,
  request: { params: idParameter(BatchId), query: NoQuery },
  responses: {
    202: jsonAnswer("It is on its way.", BatchSchema),
    ...problemAnswers("not_found", "no_webhook", "not_completed", "too_large"),
  },
});

export function addRedeliverWebhook(app: Api, services: Services): void {
  app.openapi(ofTranscription, async (context) => {
    const { id } = context.req.valid("param");
    const subject = { subject: "transcription", id } as const;
    const record = await redeliverWebhook(services, context.get("caller"), subject);
    return context.json(toTranscriptionResource(record as Transcription), 202);
  });
  app.openapi(ofBatch, async (context) => {
    const { id } = context.req.valid("param");
    const record = await redeliverWebhook(services, context.get("caller"), { subject: "batch", id });
    return context.json(toBatchResource(record as Batch, services.clock.now()), 202);
  });
}
