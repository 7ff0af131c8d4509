import { createRoute, z } from "@hono/zod-openapi";
import type { Services } from "../../../src/jobs/services.ts";
import { createKeyFor, listKeysFor, revokeKeyFor } from "../../../src/jobs/use-cases/keys.ts";
import type { Api } from "../environment.ts";
import { jsonBody } from "../middleware/json-body.ts";
import { toKeyResource } from "../resources/to-key.ts";
import { BEARER, jsonAnswer } from "../schemas/answers.ts";
import { idParameter, NoQuery } from "../schemas/common.ts";
import { CreateKeySchema, KeyId, KeysSchema, NewKeySchema } from "../schemas/keys.ts";
import { problemAnswers } from "../schemas/problem.ts";

const create = createRoute({
  method: "post",
  path: "/v1/keys",
  operationId: "createKey",
  tags: ["Service"],
  summary: "Create an API key",
  description:
    "Of your own owner; with an admin key, of any. It works at once. An admin key is made where the service runs: `scriptorium keys create --admin`.",
  security: BEARER,
  middleware: [jsonBody({ optional: true })] as const,
  request: {
    query: NoQuery,
    body: { required: false, content: { "application/json": { schema: CreateKeySchema } } },
  },
  responses: {
    201: jsonAnswer("The new key, with its secret.", NewKeySchema),
    ...problemAnswers("forbidden", "too_large", "unsupported_media_type"),
  },
});

const list = createRoute({
  method: "get",
  path: "/v1/keys",
  operationId: "listKeys",
  tags: ["Service"],
  summary: "List API keys",
  description: "Those of your own owner, without their secrets; with an admin key, of all or of one owner.",
  security: BEARER,
  request: { query: z.strictObject({ owner: z.string().max(100).optional() }) },
  responses: { 200: jsonAnswer("The keys.", KeysSchema), ...problemAnswers("forbidden") },
});

const revoke = createRoute({
  method: "delete",
  path: "/v1/keys/{id}",
  operationId: "revokeKey",
  tags: ["Service"],
  summary: "Revoke an API key",
  description: "From now on it opens nothing. Twice is no mistake.",
  security: BEARER,
  request: { params: idParameter(KeyId), query: NoQuery },
  responses: { 204: { description: "It is revoked." }, ...problemAnswers("not_found", "too_large") },
});

export function addKeys(app: Api, services: Services): void {
  app.openapi(create, async (context) => {
    const { owner, name = "", admin = false } = context.req.valid("json");
    const wanted = { name, admin, ...(owner !== undefined && { owner }) };
    const { key, secret } = await createKeyFor(services, context.get("caller"), wanted);
    services.log.info("key.created", { id: key.id, owner: key.owner, by: context.get("caller").keyId });
    return context.json({ ...toKeyResource(key), secret }, 201);
  });
  app.openapi(list, async (context) => {
    const { owner = null } = context.req.valid("query");
    const keys = await listKeysFor(services, context.get("caller"), owner);
    return context.json({ data: keys.map(toKeyResource) }, 200);
  });
  app.openapi(revoke, async (context) => {
    const { id } = context.req.valid("param");
    await revokeKeyFor(services, context.get("caller"), id);
    services.log.info("key.revoked", { id, by: context.get("caller").keyId });
    return context.body(null, 204);
  });
}
