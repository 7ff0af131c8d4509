import { createRoute } from "@hono/zod-openapi";
import { ServiceError } from "../../../src/jobs/errors.ts";
import type { Services } from "../../../src/jobs/services.ts";
import type { Api, ApiOptions } from "../environment.ts";
import { PROBLEM_TYPE, problemResponse } from "../problems.ts";
import { jsonAnswer } from "../schemas/answers.ts";
import { ProblemSchema } from "../schemas/problem.ts";
import { HealthSchema } from "../schemas/service.ts";

const route = createRoute({
  method: "get",
  path: "/healthz",
  operationId: "checkHealth",
  tags: ["Service"],
  summary: "Check the service's health",
  description:
    "Needs no key. Tells whether the store answers; on one machine, whether it and the folder of recordings and results can be written to, and what is missing there.",
  security: [],
  responses: {
    200: jsonAnswer("The service can do its work.", HealthSchema),
    503: {
      description: "It cannot: its storage is full, read-only or out of reach.",
      content: { [PROBLEM_TYPE]: { schema: ProblemSchema } },
    },
  },
});

export function addHealth(
  app: Api,
  { store, log }: Services,
  { health = async () => [] }: Pick<ApiOptions, "health">,
): void {
  app.openapi(route, async (context) => {
    try {
      await store.checkHealth();
      const warnings = await health();
      return context.json({ status: "ok" as const, warnings }, 200);
    } catch (error) {
      log.error("health.failed", { request_id: context.get("requestId"), error: String(error) });
      const known = error instanceof ServiceError && error.code.startsWith("storage_");
      const unknown = () => new ServiceError("internal_error", "The store of the service cannot be reached.");
      // Not thrown, since the status is another than the code's own; the types of the route know JSON answers alone.
      return problemResponse(context, known ? error : unknown(), 503) as never;
    }
  });
}
