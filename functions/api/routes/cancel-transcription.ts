import { createRoute } from "@hono/zod-openapi";
import type { Services } from "../../../src/jobs/services.ts";
import { cancelTranscription } from "../../../src/jobs/use-cases/cancel-transcription.ts";
import type { Api } from "../environment.ts";
import { toTranscriptionResource } from "../resources/to-transcription.ts";
import { BEARER, jsonAnswer } from "../schemas/answers.ts";
import { idParameter, NoQuery, TranscriptionId } from "../schemas/common.ts";
import { problemAnswers } from "../schemas/problem.ts";
import { TranscriptionSchema } from "../schemas/transcription.ts";

const route = createRoute({
  method: "post",
  path: "/v1/transcriptions/{id}/cancel",
  operationId: "cancelTranscription",
  tags: ["Transcriptions"],
  summary: "Cancel a transcription",
  description: "Stops it wherever it is. Canceling twice is no mistake.",
  security: BEARER,
  request: { params: idParameter(TranscriptionId), query: NoQuery },
  responses: {
    200: jsonAnswer("The canceled transcription.", TranscriptionSchema),
    ...problemAnswers("not_found", "not_cancelable", "too_large"),
  },
});

export function addCancelTranscription(app: Api, services: Services): void {
  app.openapi(route, async (context) => {
    const { id } = context.req.valid("param");
    const record = await cancelTranscription(services, context.get("caller"), id);
    return context.json(toTranscriptionResource(record), 200);
  });
}
