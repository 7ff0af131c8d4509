import { type ApiDocument, nameOf, type Schema } from "./document.ts";

/** A body that shows the schema: required members, and those that have an example. */
export function exampleOf(document: ApiDocument, schema: Schema): unknown {
  if (schema.$ref !== undefined)
    return exampleOf(document, document.components.schemas[nameOf(schema.$ref)] ?? {});
  if (schema.example !== undefined) return schema.example;
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return exampleOf(document, alternatives[0]);
  if (!schema.properties) return undefined;
  const required = new Set(schema.required);
  const members = Object.entries(schema.properties).filter(
    ([name, member]) => required.has(name) || member.example !== undefined,
  );
  return Object.fromEntries(members.map(([name, member]) => [name, exampleOf(document, member)]));
}
