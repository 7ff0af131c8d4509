import { expect, test } from "vitest";
import { apiWorld } from "../../support/api-world.ts";
import { type JsonSchema, resolve, violations } from "../../support/json-schema.ts";
import { readDocument } from "../../support/openapi-document.ts";

async function read() {
  const { app } = await apiWorld();
  return { app, ...(await readDocument(app)) };
}

/** Every object in the document, with its place. */
function* objects(value: unknown, at = "#"): Generator<[string, JsonSchema]> {
  if (typeof value !== "object" || value === null) return;
  yield [at, value as JsonSchema];
  for (const [name, member] of Object.entries(value)) yield* objects(member, `${at}/${name}`);
}

test("the document describes every call that there is, and no other", async () => {
  const { app, document, calls } = await read();
  expect(document).toMatchObject({ openapi: "3.1.0", info: { title: "Scriptorium", version: "1.2.3" } });
  const described = calls.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  const served = app.routes
    .filter(({ path, method }) => !path.includes("*") && method !== "ALL" && method !== "OPTIONS")
    .map(({ path, method }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
  // Who keeps the recordings answers that one.
  const elsewhere = ["PUT /uploads/{path}"];
  expect(described.sort()).toEqual([...new Set([...served, ...elsewhere])].sort());
  expect(described).not.toHaveLength(0);
});

test("every reference leads somewhere, and every schema is used", async () => {
  const { document } = await read();
  const refs = [...objects(document)].flatMap(([, { $ref }]) => (typeof $ref === "string" ? [$ref] : []));
  for (const ref of refs) expect(resolve(document, ref)).toBeTypeOf("object");
  const unused = Object.keys(document.components.schemas).filter(
    (name) => !refs.includes(`#/components/schemas/${name}`),
  );
  expect(unused).toEqual([]);
});

test("every call has an id of its own, words, a known tag, and parameters for its path", async () => {
  const { document, calls } = await read();
  const tags = document.tags.map(({ name }) => name);
  const ids = calls.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, operation } of calls) {
    expect(operation).toMatchObject({ summary: expect.any(String), description: expect.any(String) });
    expect(tags).toEqual(expect.arrayContaining(operation.tags));
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
    expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
    expect(inPath.every(({ required }) => required)).toBe(true);
  }
});

test("a call under /v1 needs the key and says what may go wrong; others need none", async () => {
  const { document, calls } = await read();
  expect(document.components.securitySchemes.apiKey).toMatchObject({ type: "http", scheme: "bearer" });
  for (const { path, method, operation } of calls) {
    const { security, responses } = operation;
    expect([path, security]).toEqual([path, path.startsWith("/v1/") ? [{ apiKey: [] }] : []]);
    if (!path.startsWith("/v1/")) continue;
    expect(Object.keys(responses)).toEqual(
      expect.arrayContaining(["400", "401", "429", "500", "503", "507"]),
    );
    if (path.includes("{id}")) expect(responses).toHaveProperty("404");
    if (method !== "get") expect(responses).toHaveProperty("413");
    for (const { description } of Object.values(responses)) expect(description).not.toBe("");
  }
});

test("every example fits its schema", async () => {
  const { document } = await read();
  let examples = 0;
  for (const [at, object] of objects(document)) {
    if (at.endsWith("/properties")) continue;
    const shown: unknown[] = "example" in object ? [object.example] : [];
    const schema = (object.schema ?? object) as JsonSchema;
    for (const { value } of Object.values(
      (object.schema ? (object.examples ?? {}) : {}) as Record<string, JsonSchema>,
    ))
      shown.push(value);
    for (const example of shown) {
      expect([at, violations(document, schema, example)]).toEqual([at, []]);
      examples++;
    }
  }
  expect(examples).toBeGreaterThan(100);
});

test("the limits in it are the limits in force", async () => {
  const limits = {
    hotwords: 7,
    hotwordCharacters: 9,
    alternatives: 3,
    metadataEntries: 2,
    metadataValueCharacters: 5,
  };
  const { app } = await apiWorld(limits);
  const { components } = (await readDocument(app)).document;
  const { properties } = components.schemas.CreateTranscription;
  expect(properties).toMatchObject({
    hotwords: { maxItems: 7 },
    alternatives: { maximum: 3 },
    metadata: { maxProperties: 2, additionalProperties: { maxLength: 5 } },
  });
  expect(components.schemas.Hotword).toMatchObject({ properties: { phrase: { maxLength: 9 } } });
});

test("the checker of schemas finds what is wrong", () => {
  const schema: JsonSchema = {
    type: "object",
    properties: {
      a: { type: ["integer", "null"], minimum: 1 },
      b: { type: "array", items: { enum: ["x"] } },
    },
    required: ["a"],
  };
  expect(violations({}, schema, { a: 1, b: ["x"] })).toEqual([]);
  expect(violations({}, schema, { a: null })).toEqual([]);
  for (const wrong of [{}, { a: 0 }, { a: 1.5 }, { a: "1" }, { a: 1, c: 1 }, { a: 1, b: ["y"] }, [], null])
    expect(violations({}, schema, wrong)).not.toEqual([]);
  expect(() => violations({}, { maxContains: 1 }, [])).toThrow("maxContains");
});
