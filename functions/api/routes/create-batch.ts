import { createRoute } from "@hono/zod-openapi";
import { createBatch } from "../../../src/jobs/batches/create-batch.ts";
import type { Limits } from "../../../src/jobs/limits.ts";
import type { Services } from "../../../src/jobs/services.ts";
import type { Api } from "../environment.ts";
import { jsonBody } from "../middleware/json-body.ts";
import { fromBatchBody } from "../resources/from-bodies.ts";
import { toBatchResource } from "../resources/to-batch.ts";
import { BEARER, createdAnswers } from "../schemas/answers.ts";
import { BatchSchema } from "../schemas/batch.ts";
import { IdempotencyHeader, NoQuery } from "../schemas/common.ts";
import { createBatchSchema } from "../schemas/create-batch.ts";
import { problemAnswers } from "../schemas/problem.ts";

const route = (limits: Limits) =>
  createRoute({
    method: "post",
    path: "/v1/batches",
    operationId: "createBatch",
    tags: ["Batches"],
    summary: "Create a batch",
    description:
      "Transcribes every recording of an archive, behind all transcriptions that are asked for one by one. What this model version has done already is skipped unless `force` is set.",
    security: BEARER,
    middleware: [jsonBody({ optional: false })] as const,
    request: {
      query: NoQuery,
      headers: IdempotencyHeader,
      body: { required: true, content: { "application/json": { schema: createBatchSchema(limits) } } },
    },
    responses: {
      ...createdAnswers("batch", BatchSchema),
      ...problemAnswers("too_large", "unsupported_media_type", "idempotency_key_reused"),
    },
  });

export function addCreateBatch(app: Api, services: Services): void {
  app.openapi(route(services.limits), async (context) => {
    const request = fromBatchBody(context.req.valid("json"));
    const key = context.req.valid("header")["idempotency-key"] ?? null;
    const { record, replayed } = await createBatch(services, context.get("caller"), request, key);
    context.header("location", `/v1/batches/${record.id}`);
    if (replayed) context.header("idempotent-replayed", "true");
    return context.json(toBatchResource(record, services.clock.now()), replayed ? 200 : 201);
  });
}
