/** A JSON Schema as OpenAPI documents of this project have them. */
export type JsonSchema = Record<string, unknown>;

type Check = (value: unknown, argument: never, schema: JsonSchema, root: JsonSchema) => string[];

/**
 * What is wrong with a value, each with its place; empty where it fits. Objects whose schema lists members may have
 * no others, unless it says so: an answer with a member that is not described is wrong. A keyword that is not known
 * here is an error, lest it be passed over. References lead into `root`.
 */
export function violations(root: JsonSchema, schema: JsonSchema, value: unknown, at = "$"): string[] {
  return Object.entries(schema).flatMap(([keyword, argument]) => {
    const check = CHECKS[keyword];
    if (check === undefined) throw new Error(`the keyword ${keyword} is not known`);
    return check(value, argument as never, schema, root).map((fault) =>
      fault.startsWith("$") ? at + fault.slice(1) : `${at} ${fault}`,
    );
  });
}

export function resolve(root: JsonSchema, ref: string): JsonSchema {
  let found: unknown = root;
  for (const part of ref.replace(/^#\//, "").split("/")) found = (found as JsonSchema | undefined)?.[part];
  if (!ref.startsWith("#/") || typeof found !== "object" || found === null)
    throw new Error(`${ref} leads nowhere`);
  return found as JsonSchema;
}

const isObject = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const fault = (wrong: boolean, message: string) => (wrong ? [message] : []);
const nothing: Check = () => [];

const TYPES: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: Number.isInteger,
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
  array: Array.isArray,
  object: isObject,
};

const number = (check: (value: number, limit: number) => boolean, name: string): Check =>
  ((value: unknown, limit: number) =>
    fault(typeof value === "number" && !check(value, limit), `is not ${name} ${limit}: ${value}`)) as Check;

const text =
  (check: (value: string, argument: never) => boolean, name: string): Check =>
  (value, argument) =>
    fault(typeof value === "string" && !check(value, argument), `${name}: ${value}`);

const CHECKS: Record<string, Check> = {
  description: nothing,
  example: nothing,
  default: nothing,
  $ref: (value, ref, _, root) => violations(root, resolve(root, ref), value),
  type: (value, type: string | string[]) =>
    fault(![type].flat().some((name) => TYPES[name](value)), `is not ${type}: ${JSON.stringify(value)}`),
  enum: (value, values: unknown[]) => fault(!values.includes(value), `is not among ${values}: ${value}`),
  const: (value, expected) => fault(value !== expected, `is not ${expected}`),
  anyOf: (value, schemas: JsonSchema[], _, root) => {
    const found = schemas.map((schema) => violations(root, schema, value));
    return fault(!found.some(({ length }) => length === 0), `fits no alternative: ${found.join(" | ")}`);
  },
  allOf: (value, schemas: JsonSchema[], _, root) =>
    schemas.flatMap((schema) => violations(root, schema, value)),
  minimum: number((value, limit) => value >= limit, "at least"),
  maximum: number((value, limit) => value <= limit, "at most"),
  exclusiveMinimum: number((value, limit) => value > limit, "above"),
  minLength: text((value, limit) => value.length >= limit, "is too short"),
  maxLength: text((value, limit) => value.length <= limit, "is too long"),
  pattern: text((value, pattern) => new RegExp(pattern, "u").test(value), "does not match"),
  format: text(
    (value, format) => format !== "date-time" || value === new Date(value).toISOString(),
    "is no time",
  ),
  maxItems: (value, limit: number) =>
    fault(Array.isArray(value) && value.length > limit, "has too many items"),
  uniqueItems: (value) =>
    fault(Array.isArray(value) && new Set(value).size < value.length, "repeats an item"),
  items: (value, items: JsonSchema, _, root) =>
    Array.isArray(value) ? value.flatMap((item, i) => violations(root, items, item, `$[${i}]`)) : [],
  required: (value, names: string[]) =>
    isObject(value) ? names.filter((name) => !Object.hasOwn(value, name)).map((name) => `lacks ${name}`) : [],
  maxProperties: (value, limit: number) =>
    fault(isObject(value) && Object.keys(value).length > limit, "has too many members"),
  propertyNames: (value, names: JsonSchema, _, root) =>
    isObject(value) ? Object.keys(value).flatMap((name) => violations(root, names, name)) : [],
  properties: (value, properties: Record<string, JsonSchema>, { additionalProperties }, root) => {
    if (!isObject(value)) return [];
    return Object.entries(value).flatMap(([name, member]) => {
      if (Object.hasOwn(properties, name)) return violations(root, properties[name], member, `$.${name}`);
      return additionalProperties === undefined ? [`has an unknown member ${name}`] : [];
    });
  },
  additionalProperties: (value, others: boolean | JsonSchema, { properties = {} }, root) => {
    if (!isObject(value)) return [];
    const extra = Object.entries(value).filter(([name]) => !Object.hasOwn(properties as object, name));
    if (others === false) return extra.map(([name]) => `has an unknown member ${name}`);
    return extra.flatMap(([name, member]) => violations(root, others as JsonSchema, member, `$.${name}`));
  },
};
