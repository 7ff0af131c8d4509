import { createRoute } from "@hono/zod-openapi";
import { getBatch } from "../../../src/jobs/batches/get-batch.ts";
import type { Services } from "../../../src/jobs/services.ts";
import type { Api } from "../environment.ts";
import { toBatchResource } from "../resources/to-batch.ts";
import { BEARER, jsonAnswer } from "../schemas/answers.ts";
import { BatchSchema } from "../schemas/batch.ts";
import { BatchId, idParameter, NoQuery } from "../schemas/common.ts";
import { problemAnswers } from "../schemas/problem.ts";

const route = createRoute({
  method: "get",
  path: "/v1/batches/{id}",
  operationId: "getBatch",
  tags: ["Batches"],
  summary: "Get a batch",
  description: "Counts by status, progress and the time that is left.",
  security: BEARER,
  request: { params: idParameter(BatchId), query: NoQuery },
  responses: { 200: jsonAnswer("The batch as it stands.", BatchSchema), ...problemAnswers("not_found") },
});

export function addGetBatch(app: Api, services: Services): void {
  app.openapi(route, async (context) => {
    const record = await getBatch(services, context.get("caller"), context.req.valid("param").id);
    return context.json(toBatchResource(record, services.clock.now()), 200);
  });
}
