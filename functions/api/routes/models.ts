import { createRoute } from "@hono/zod-openapi";
import type { Services } from "../../../src/jobs/services.ts";
import type { Api } from "../environment.ts";
import { BEARER, jsonAnswer } from "../schemas/answers.ts";
import { NoQuery } from "../schemas/common.ts";
import { problemAnswers } from "../schemas/problem.ts";
import { ModelsSchema } from "../schemas/service.ts";

const route = createRoute({
  method: "get",
  path: "/v1/models",
  operationId: "listModels",
  tags: ["Service"],
  summary: "List models",
  description: "The model that transcribes, and others that the service has; in OpenAI's words as well.",
  security: BEARER,
  request: { query: NoQuery },
  responses: { 200: jsonAnswer("The models.", ModelsSchema), ...problemAnswers() },
});

export function addModels(app: Api, { models }: Services): void {
  const data = models.map(({ name, version, languages, license, parameters }) => ({
    id: name,
    object: "model" as const,
    created: 0,
    owned_by: "scriptorium",
    name,
    version,
    languages: [...languages],
    license,
    parameters,
  }));
  app.openapi(route, (context) => context.json({ object: "list" as const, data }, 200));
}
