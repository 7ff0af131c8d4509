import { createRoute } from "@hono/zod-openapi";
import type { Limits } from "../../../src/jobs/limits.ts";
import type { Services } from "../../../src/jobs/services.ts";
import { createTranscription } from "../../../src/jobs/use-cases/create-transcription.ts";
import { getTranscription } from "../../../src/jobs/use-cases/get-transcription.ts";
import type { Api, ApiOptions } from "../environment.ts";
import { jsonBody } from "../middleware/json-body.ts";
import { fromTranscriptionBody } from "../resources/from-bodies.ts";
import { toTranscriptionResource } from "../resources/to-transcription.ts";
import { BEARER, createdAnswers } from "../schemas/answers.ts";
import { IdempotencyHeader, WaitQuery } from "../schemas/common.ts";
import { createTranscriptionSchema } from "../schemas/create-transcription.ts";
import { problemAnswers } from "../schemas/problem.ts";
import { TranscriptionSchema } from "../schemas/transcription.ts";
import { waitForEnd } from "../wait-for-end.ts";

const route = (limits: Limits) =>
  createRoute({
    method: "post",
    path: "/v1/transcriptions",
    operationId: "createTranscription",
    tags: ["Transcriptions"],
    summary: "Create a transcription",
    description:
      "Without `source` the answer has an `upload`: PUT the recording there, and it is queued. With `source` it is queued at once, and with `wait` the answer comes when it has ended.",
    security: BEARER,
    middleware: [jsonBody({ optional: true })] as const,
    request: {
      query: WaitQuery,
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

export function addCreateTranscription(app: Api, services: Services, { pause }: ApiOptions): void {
  app.openapi(route(services.limits), async (context) => {
    const request = fromTranscriptionBody(context.req.valid("json"));
    const key = context.req.valid("header")["idempotency-key"] ?? null;
    const created = await createTranscription(services, context.get("caller"), request, key);
    const { record, upload, replayed } = created;
    const { wait = 0 } = context.req.valid("query");
    const look = async () => (upload ? record : getTranscription(services, context.get("caller"), record.id));
    const seconds = upload ? 0 : wait; // whoever is to upload first has to have the answer for that
    const now = await waitForEnd(look, seconds, { ...(pause && { pause }), signal: context.req.raw.signal });
    context.header("location", `/v1/transcriptions/${record.id}`);
    if (replayed) context.header("idempotent-replayed", "true");
    return context.json(toTranscriptionResource(now, upload), replayed ? 200 : 201);
  });
}
