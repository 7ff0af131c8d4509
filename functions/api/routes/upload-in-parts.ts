import { createRoute } from "@hono/zod-openapi";
import type { Services } from "../../../src/jobs/services.ts";
import { completeUpload, continueUpload } from "../../../src/jobs/use-cases/parts.ts";
import type { Api } from "../environment.ts";
import { toTranscriptionResource, toUploadInParts } from "../resources/to-transcription.ts";
import { BEARER, jsonAnswer } from "../schemas/answers.ts";
import { idParameter, NoQuery, TranscriptionId } from "../schemas/common.ts";
import { problemAnswers } from "../schemas/problem.ts";
import { TranscriptionSchema, UploadInPartsSchema } from "../schemas/transcription.ts";

const common = {
  path: "/v1/transcriptions/{id}/upload",
  tags: ["Transcriptions"],
  security: BEARER,
  request: { params: idParameter(TranscriptionId), query: NoQuery },
};

const read = createRoute({
  ...common,
  method: "get",
  operationId: "continueUpload",
  summary: "Go on with an upload in parts",
  description: "The parts that are not there yet, with fresh URLs: after a cut, or when their time is over.",
  responses: {
    200: jsonAnswer("What is left to be sent.", UploadInPartsSchema),
    ...problemAnswers("not_found", "deleted", "not_in_parts", "upload_over"),
  },
});

const complete = createRoute({
  ...common,
  method: "post",
  operationId: "completeUpload",
  summary: "Complete an upload in parts",
  description: "Makes the recording of its parts, which are all there: it is queued. Twice is no mistake.",
  responses: {
    200: jsonAnswer("The transcription, queued.", TranscriptionSchema),
    ...problemAnswers("not_found", "deleted", "not_in_parts", "parts_missing", "upload_over", "too_large"),
  },
});

export function addUploadInParts(app: Api, services: Services): void {
  app.openapi(read, async (context) => {
    const { id } = context.req.valid("param");
    const upload = await continueUpload(services, context.get("caller"), id);
    return context.json(toUploadInParts(upload), 200);
  });
  app.openapi(complete, async (context) => {
    const { id } = context.req.valid("param");
    const record = await completeUpload(services, context.get("caller"), id);
    return context.json(toTranscriptionResource(record), 200);
  });
}
