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

const Moment = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text).toISOString())
  .openapi({ type: "string", format: "date-time", example: "2026-01-31T12:00:00.000Z" });

const route = createRoute({
  method: "get",
  path: "/v1/transcriptions",
  operationId: "listTranscriptions",
  tags: ["Transcriptions"],
  summary: "List transcriptions",
  description:
    "Newest first. A page may be short, or empty, where few have the `file_name` or `metadata` that is asked for: go on until `next` is null.",
  security: BEARER,
  request: {
    query: z.strictObject({
      status: TranscriptionStatus.optional(),
      batch_id: z
        .string()
        .max(100)
        .optional()
        .openapi({ description: "Those of one batch.", example: BatchId }),
      created_after: Moment.optional().openapi({ description: "Created then or later." }),
      created_before: Moment.optional().openapi({ description: "Created earlier than that." }),
      file_name: z.string().min(1).max(255).optional().openapi({
        description: "Whose file name has this in it, in whatever case.",
        example: "call-17",
      }),
      metadata: z
        .string()
        .max(2000)
        .regex(/^[^=]+=/, "must be a name, = and its value")
        .optional()
        .openapi({ description: "Whose metadata has this entry: `name=value`.", example: "order=4711" }),
      ...pageMembers,
    }),
  },
  responses: { 200: jsonAnswer("A page of transcriptions.", TranscriptionPageSchema), ...problemAnswers() },
});

export function addListTranscriptions(app: Api, services: Services): void {
  app.openapi(route, async (context) => {
    const { status, batch_id, limit, after, ...filter } = context.req.valid("query");
    const { created_after, created_before, file_name, metadata } = filter;
    const { items, next } = await listTranscriptions(services, context.get("caller"), {
      limit: limit ?? DEFAULT_PAGE,
      ...(status !== undefined && { state: status }),
      ...(batch_id !== undefined && { batchId: batch_id }),
      ...(created_after !== undefined && { createdFrom: created_after }),
      ...(created_before !== undefined && { createdBefore: created_before }),
      ...(file_name !== undefined && { fileName: file_name }),
      ...(metadata !== undefined && { metadata: entryOf(metadata) }),
      ...(after !== undefined && { after }),
    });
    return context.json(
      { data: items.map((record) => toListed(toTranscriptionResource(record))), next },
      200,
    );
  });
}

function entryOf(text: string): { key: string; value: string } {
  const at = text.indexOf("=");
  return { key: text.slice(0, at), value: text.slice(at + 1) };
}
