import { type ApiDocument, nameOf, type Schema } from "./document.ts";

const MOST_DEPTH = 8;

/** An answer that fits the schema, with every member that is always there: examples where there are any, else plain values. */
export function answerExample(document: ApiDocument, schema: Schema, depth = 0): unknown {
  const inner = (one: Schema) => answerExample(document, one, depth + 1);
  if (depth > MOST_DEPTH) return null;
  if (schema.$ref !== undefined) return inner(document.components.schemas[nameOf(schema.$ref)] ?? {});
  if (schema.example !== undefined) return schema.example;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const alternatives = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  const types = [schema.type ?? [], ...(alternatives ?? []).map(({ type = [] }) => type)].flat();
  // What may be null is so more often than not.
  if (types.includes("null")) return null;
  if (alternatives) return inner(alternatives[0]);
  if (types.includes("array")) return schema.items ? [inner(schema.items)] : [];
  if (schema.properties) return members(schema, inner);
  if (types.includes("object")) return {};
  if (types.includes("boolean")) return false;
  if (types.includes("number") || types.includes("integer")) return schema.minimum ?? 0;
  return schema.format === "uri" ? "https://example.com/" : "…";
}

function members({ properties = {}, required = [] }: Schema, inner: (one: Schema) => unknown) {
  const shown = Object.entries(properties).filter(([name]) => required.includes(name));
  return Object.fromEntries(shown.map(([name, member]) => [name, inner(member)]));
}
