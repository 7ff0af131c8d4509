import type { Api } from "../../functions/api/environment.ts";
import type { JsonSchema } from "./json-schema.ts";

/** As much of the OpenAPI document as tests go by. */
export interface OpenApiDocument extends JsonSchema {
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema>; securitySchemes: Record<string, JsonSchema> };
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  schema: JsonSchema;
}

export interface Operation {
  operationId: string;
  tags: string[];
  security?: unknown;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: JsonSchema }> }>;
}

export interface Call {
  method: string;
  path: string;
  operation: Operation;
}

export async function readDocument(app: Api): Promise<{ document: OpenApiDocument; calls: Call[] }> {
  const document = (await (await app.request("/openapi.json")).json()) as OpenApiDocument;
  const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  return { document, calls };
}
