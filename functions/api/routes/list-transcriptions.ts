import { createRoute, z } from "@hono/zod-openapi";
import type { Services } from "../../../src/jobs/services.ts";
import { listTranscriptions } from "../../../src/jobs/use-cases/list-transcriptions.ts";
import type { Api } from "../environment.ts";
import { toListed } from "../resources/to-listed.ts";
import { toTranscriptionResource } from "../resources/to-transcription.ts";
import { BEARER, jsonAnswer } from "../schemas/answers.ts";
import { BatchId, DEFAULT_PAGE, pageMembers } from "../schemas/common.ts";
import { problemAnswers } from "../schemas/problem.ts";
import { TranscriptionPageSchema, TranscriptionStatus } from "../schemas/transcription.ts";

const route = createRoute({
  method: "get",
  path: "/v1/transcriptions",
  operationId: "listTranscriptions",
  tags: ["Transcriptions"],
  summary: "List transcriptions",
  description: "Newest first.",
  security: BEARER,
  request: {
    query: z.strictObject({
      status: TranscriptionStatus.optional(),
      batch_id: z
        .string()
        .max(100)
        .optional()
        .openapi({ description: "Those of one batch.", example: BatchId }),
      ...pageMembers,
    }),
  },
  responses: { 200: jsonAnswer("A page of transcriptions.", TranscriptionPageSchema), ...problemAnswers() },
});

export function addListTranscriptions(app: Api, services: Services): void {
  app.openapi(route, async (context) => {
    const { status, batch_id, limit, after } = context.req.valid("query");
    const { items, next } = await listTranscriptions(services, context.get("caller"), {
      limit: limit ?? DEFAULT_PAGE,
      ...(status !== undefined && { state: status }),
      ...(batch_id !== undefined && { batchId: batch_id }),
      ...(after !== undefined && { after }),
    });
    return context.json(
      { data: items.map((record) => toListed(toTranscriptionResource(record))), next },
      200,
    );
  });
}
