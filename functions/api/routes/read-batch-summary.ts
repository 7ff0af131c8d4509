import { createRoute } from "@hono/zod-openapi";
import { findBatchSummary } from "../../../src/jobs/batches/read-summary.ts";
import type { Services } from "../../../src/jobs/services.ts";
import type { Api } from "../environment.ts";
import { INLINE_BYTES, seeOther } from "../large-answers.ts";
import { BEARER, seeOtherAnswer } from "../schemas/answers.ts";
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
  description:
    "What became of each item, once the batch is over: JSON Lines, one item a line. One of more than 2.5 MB is a 303 to where it lies.",
  security: BEARER,
  request: { params: idParameter(BatchId), query: NoQuery },
  responses: {
    200: {
      description: "One JSON document a line, of the schema shown.",
      headers: { "Content-Disposition": header("A file name.") },
      content: { [MEDIA_TYPE]: { schema: BatchItemSchema } },
    },
    303: seeOtherAnswer,
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
    const ref = await findBatchSummary(services, context.get("caller"), id);
    const { facts, body } = await services.blobs.get(ref);
    const disposition = `inline; filename="${id}.jsonl"`;
    const isHead = context.req.method === "HEAD";
    const isLarge = facts.size > INLINE_BYTES;
    if (isHead || isLarge) await leave(body);
    if (isLarge) return seeOther(context, services, { ref, mediaType: MEDIA_TYPE, disposition });
    context.header("content-type", MEDIA_TYPE);
    context.header("content-disposition", disposition);
    const answer = isHead ? context.body(null, 200) : context.body(ReadableStream.from(body), 200);
    // JSON Lines are taken for JSON by the types of the route.
    return answer as never;
  });
}
