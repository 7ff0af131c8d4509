import { createRoute } from "@hono/zod-openapi";
import type { Limits } from "../../../src/jobs/limits.ts";
import type { Services } from "../../../src/jobs/services.ts";
import { createTranscription } from "../../../src/jobs/use-cases/create-transcription.ts";
import type { Api } from "../environment.ts";
import { jsonBody } from "../middleware/json-body.ts";
import { fromTranscriptionBody } from "../resources/from-bodies.ts";
import { toTranscriptionResource } from "../resources/to-transcription.ts";
import { BEARER, createdAnswers } from "../schemas/answers.ts";
import { IdempotencyHeader, NoQuery } from "../schemas/common.ts";
import { createTranscriptionSchema } from "../schemas/create-transcription.ts";
import { problemAnswers } from "../schemas/problem.ts";
import { TranscriptionSchema } from "../schemas/transcription.ts";

const route = (limits: Limits) =>
  createRoute({
    method: "post",
    path: "/v1/transcriptions",
    operationId: "createTranscription",
    tags: ["Transcriptions"],
    summary: "Create a transcription",
    description:
      "Without `source` the answer has an `upload`: PUT the recording there, and it is queued. With `source` it is queued at once.",
    security: BEARER,
    middleware: [jsonBody({ optional: true })] as const,
    request: {
      query: NoQuery,
      headers: IdempotencyHeader,
      body: {
        required: false,
        content: { "application/json": { schema: createTranscriptionSchema(limits) } },
      },
    },
    responses: {
      ...createdAnswers("transcription", TranscriptionSchema),
      ...problemAnswers("deleted", "too_large", "unsupported_media_type", "idempotency_key_reused"),
    },
  });

export function addCreateTranscription(app: Api, services: Services): void {
  app.openapi(route(services.limits), async (context) => {
    const request = fromTranscriptionBody(context.req.valid("json"));
    const key = context.req.valid("header")["idempotency-key"] ?? null;
    const created = await createTranscription(services, context.get("caller"), request, key);
    const { record, upload, replayed } = created;
    context.header("location", `/v1/transcriptions/${record.id}`);
    if (replayed) context.header("idempotent-replayed", "true");
    return context.json(toTranscriptionResource(record, upload), replayed ? 200 : 201);
  });
}
