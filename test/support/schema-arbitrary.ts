import fc from "fast-check";
import { type JsonSchema, resolve } from "./json-schema.ts";

/** Values for members of a name that make sense to the service: few random ones would. */
export type Hints = Readonly<Record<string, readonly unknown[]>>;

/** Values that fit a schema, as far as it says so: longer lists and texts than a few are left out. */
export function fitting(root: JsonSchema, schema: JsonSchema, hints: Hints = {}): fc.Arbitrary<unknown> {
  if (typeof schema.$ref === "string") return fitting(root, resolve(root, schema.$ref), hints);
  if (Array.isArray(schema.anyOf)) return fc.oneof(...schema.anyOf.map((one) => fitting(root, one, hints)));
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  const types = [schema.type ?? "object"].flat() as string[];
  return fc.oneof(...types.map((type) => ofType(type, root, schema, hints)));
}

function ofType(type: string, root: JsonSchema, schema: JsonSchema, hints: Hints): fc.Arbitrary<unknown> {
  const { minimum, maximum, exclusiveMinimum } = schema as Record<string, number | undefined>;
  if (type === "null") return fc.constant(null);
  if (type === "boolean") return fc.boolean();
  if (type === "integer") return fc.integer({ min: minimum ?? -1000, max: maximum ?? 1000 });
  if (type === "number")
    return fc.double({
      min: minimum ?? exclusiveMinimum ?? -10,
      max: maximum ?? 10,
      minExcluded: true,
      noNaN: true,
    });
  if (type === "string") return ofText(schema);
  if (type === "array") {
    const items = fitting(root, schema.items as JsonSchema, hints);
    return schema.uniqueItems ? fc.uniqueArray(items, { maxLength: 4 }) : fc.array(items, { maxLength: 4 });
  }
  return ofMembers(root, schema, hints);
}

function ofText({ pattern, minLength = 0, maxLength = 40 }: JsonSchema): fc.Arbitrary<string> {
  if (typeof pattern === "string")
    return fc.stringMatching(new RegExp(pattern)).map((text) => text.slice(0, 35));
  const [min, max] = [minLength as number, Math.min(maxLength as number, 40)];
  return fc.string({ unit: "grapheme", minLength: min, maxLength: max });
}

function ofMembers(root: JsonSchema, schema: JsonSchema, hints: Hints): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  if (typeof additionalProperties === "object")
    return fc.dictionary(
      fc.string({ minLength: 1, maxLength: 10 }).filter((name) => name !== "__proto__"),
      fitting(root, additionalProperties as JsonSchema, hints),
      { maxKeys: 3 },
    );
  const members = Object.entries(properties as Record<string, JsonSchema>).map(([name, member]) => {
    const any = fitting(root, member, hints);
    const known = hints[name];
    return [name, known ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, any) : any] as const;
  });
  return fc.record(Object.fromEntries(members), { requiredKeys: required as never[], noNullPrototype: true });
}

/** The same value with something in it put in, taken out or replaced by anything. */
export function mutated(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(
      values,
      fc.array(fc.nat(20), { maxLength: 3 }),
      fc.jsonValue(),
      fc.constantFrom("replace", "remove", "add"),
    )
    .map(([value, way, other, how]) => change(value, way, other, how));
}

function change(value: unknown, way: readonly number[], other: unknown, how: string): unknown {
  if (typeof value !== "object" || value === null) return other;
  const entries = Object.entries(value);
  const at = entries.length === 0 ? -1 : (way[0] ?? 0) % entries.length;
  if (at < 0 || (how === "add" && way.length <= 1)) entries.push([`x${way[0] ?? ""}`, other]);
  else if (way.length > 1) entries[at] = [entries[at][0], change(entries[at][1], way.slice(1), other, how)];
  else if (how === "remove") entries.splice(at, 1);
  else entries[at] = [entries[at][0], other];
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}
