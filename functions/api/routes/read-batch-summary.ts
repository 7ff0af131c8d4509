import { createRoute } from "@hono/zod-openapi";
import { readBatchSummary } from "../../../src/jobs/batches/read-summary.ts";
import type { Services } from "../../../src/jobs/services.ts";
import type { Api } from "../environment.ts";
import { BEARER } from "../schemas/answers.ts";
import { BatchItemSchema } from "../schemas/batch.ts";
import { BatchId, idParameter, NoQuery } from "../schemas/common.ts";
import { header, problemAnswers } from "../schemas/problem.ts";

const MEDIA_TYPE = "application/jsonl";

const route = createRoute({
  method: "get",
  path: "/v1/batches/{id}/summary",
  operationId: "readBatchSummary",
  tags: ["Batches"],
  summary: "Read a batch's summary",
  description: "What became of each item, once the batch is over: JSON Lines, one item a line.",
  security: BEARER,
  request: { params: idParameter(BatchId), query: NoQuery },
  responses: {
    200: {
      description: "One JSON document a line, of the schema shown.",
      headers: { "Content-Disposition": header("A file name.") },
      content: { [MEDIA_TYPE]: { schema: BatchItemSchema } },
    },
    ...problemAnswers("not_found", "not_completed"),
  },
});

/** Leaving the bytes unread would keep them open. */
async function leave(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of bytes) return;
}

export function addReadBatchSummary(app: Api, services: Services): void {
  app.openapi(route, async (context) => {
    const { id } = context.req.valid("param");
    const bytes = await readBatchSummary(services, context.get("caller"), id);
    context.header("content-type", MEDIA_TYPE);
    context.header("content-disposition", `inline; filename="${id}.jsonl"`);
    const head = context.req.method === "HEAD";
    if (head) await leave(bytes);
    const answer = head ? context.body(null, 200) : context.body(ReadableStream.from(bytes), 200);
    // JSON Lines are taken for JSON by the types of the route.
    return answer as never;
  });
}
