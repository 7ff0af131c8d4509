import { createRoute } from "@hono/zod-openapi";
import type { Services } from "../../../src/jobs/services.ts";
import { deleteTranscription } from "../../../src/jobs/use-cases/delete-transcription.ts";
import type { Api } from "../environment.ts";
import { BEARER } from "../schemas/answers.ts";
import { idParameter, NoQuery, TranscriptionId } from "../schemas/common.ts";
import { problemAnswers } from "../schemas/problem.ts";

const route = createRoute({
  method: "delete",
  path: "/v1/transcriptions/{id}",
  operationId: "deleteTranscription",
  tags: ["Transcriptions"],
  summary: "Delete a transcription",
  description:
    "Deletes the uploaded audio, the transcript and all that you told us, at once. What is left says only that it was there. An object that was named as `source` stays. Deleting twice is no mistake.",
  security: BEARER,
  request: { params: idParameter(TranscriptionId), query: NoQuery },
  responses: { 204: { description: "It is deleted." }, ...problemAnswers("not_found", "too_large") },
});

export function addDeleteTranscription(app: Api, services: Services): void {
  app.openapi(route, async (context) => {
    await deleteTranscription(services, context.get("caller"), context.req.valid("param").id);
    return context.body(null, 204);
  });
}
