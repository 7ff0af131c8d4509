import { createRoute, z } from "@hono/zod-openapi";
import { listBatches } from "../../../src/jobs/batches/list-batches.ts";
import type { Services } from "../../../src/jobs/services.ts";
import type { Api } from "../environment.ts";
import { toBatchResource } from "../resources/to-batch.ts";
import { toListed } from "../resources/to-listed.ts";
import { BEARER, jsonAnswer } from "../schemas/answers.ts";
import { BatchPageSchema } from "../schemas/batch.ts";
import { DEFAULT_PAGE, pageMembers } from "../schemas/common.ts";
import { problemAnswers } from "../schemas/problem.ts";

const route = createRoute({
  method: "get",
  path: "/v1/batches",
  operationId: "listBatches",
  tags: ["Batches"],
  summary: "List batches",
  description: "Newest first.",
  security: BEARER,
  request: { query: z.strictObject(pageMembers) },
  responses: { 200: jsonAnswer("A page of batches.", BatchPageSchema), ...problemAnswers() },
});

export function addListBatches(app: Api, services: Services): void {
  app.openapi(route, async (context) => {
    const { limit, after } = context.req.valid("query");
    const { items, next } = await listBatches(services, context.get("caller"), {
      limit: limit ?? DEFAULT_PAGE,
      ...(after !== undefined && { after }),
    });
    const now = services.clock.now();
    return context.json({ data: items.map((record) => toListed(toBatchResource(record, now))), next }, 200);
  });
}
