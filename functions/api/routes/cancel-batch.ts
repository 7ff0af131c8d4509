import { createRoute } from "@hono/zod-openapi";
import { cancelBatch } from "../../../src/jobs/batches/cancel-batch.ts";
import type { Services } from "../../../src/jobs/services.ts";
import type { Api } from "../environment.ts";
import { toBatchResource } from "../resources/to-batch.ts";
import { BEARER, jsonAnswer } from "../schemas/answers.ts";
import { BatchSchema } from "../schemas/batch.ts";
import { BatchId, idParameter, NoQuery } from "../schemas/common.ts";
import { problemAnswers } from "../schemas/problem.ts";

const route = createRoute({
  method: "post",
  path: "/v1/batches/{id}/cancel",
  operationId: "cancelBatch",
  tags: ["Batches"],
  summary: "Cancel a batch",
  description: "No further item is begun, and those at work are stopped. What is completed stays.",
  security: BEARER,
  request: { params: idParameter(BatchId), query: NoQuery },
  responses: {
    200: jsonAnswer("The batch, `canceling` or already `canceled`.", BatchSchema),
    ...problemAnswers("not_found", "not_cancelable", "too_large"),
  },
});

export function addCancelBatch(app: Api, services: Services): void {
  app.openapi(route, async (context) => {
    const record = await cancelBatch(services, context.get("caller"), context.req.valid("param").id);
    return context.json(toBatchResource(record, services.clock.now()), 200);
  });
}
