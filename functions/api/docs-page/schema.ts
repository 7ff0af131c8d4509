import { nameOf, type Schema } from "./document.ts";
import { type Html, html, inline } from "./html.ts";

/** The members of an object, or what else a schema says, as nested lists. Named schemas are linked to. */
export function schemaView(schema: Schema): Html {
  if (schema.$ref !== undefined) return html`<p>${typeView(schema)}</p>`;
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives)
    return html`<p>One of:</p><ul class="alternatives">${alternatives.map((one) => html`<li>${schemaView(one)}</li>`)}</ul>`;
  if (schema.items) return html`<p>${typeView(schema)}</p>${nested(schema.items)}`;
  if (!schema.properties) return html`<p>${typeView(schema)} ${limitsView(schema)}</p>`;
  const required = new Set(schema.required);
  const members = Object.entries(schema.properties).map(([name, member]) =>
    memberView(name, member, required.has(name)),
  );
  return html`<dl class="members">${members}</dl>`;
}

export function memberView(name: string, schema: Schema, required: boolean, description?: string): Html {
  const text = description ?? schema.description ?? "";
  return html`<div><dt><code>${name}</code> <span class="type">${typeView(schema)}</span>${
    required && html` <span class="required">required</span>`
  }</dt><dd>${inline(text)} ${limitsView(schema)}${nested(schema)}</dd></div>`;
}

function nested(schema: Schema): Html | null {
  if (schema.$ref !== undefined) return null;
  if (schema.properties || schema.anyOf || schema.oneOf) return schemaView(schema);
  return schema.items ? nested(schema.items) : null;
}

function typeView(schema: Schema): Html {
  if (schema.$ref !== undefined) {
    const name = nameOf(schema.$ref);
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  if (schema.items) return html`array of ${typeView(schema.items)}`;
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return html`${alternatives.map((one, i) => html`${i > 0 && " or "}${typeView(one)}`)}`;
  if (schema.allOf) return html`${schema.allOf.map((one) => typeView(one))}`;
  if (schema.const !== undefined) return html`${JSON.stringify(schema.const)}`;
  const types = [schema.type ?? "any"].flat().join(" or ");
  return html`${schema.format === "date-time" ? types.replace("string", "timestamp") : types}`;
}

function limitsView(schema: Schema): Html | null {
  const { enum: values, minimum, maximum, exclusiveMinimum, maxLength, maxItems, maxProperties } = schema;
  const said: (string | false | undefined)[] = [
    values &&
      `One of ${values
        .filter((value) => value !== null)
        .map((value) => `\`${value}\``)
        .join(", ")}.`,
    minimum !== undefined && `At least ${minimum}.`,
    exclusiveMinimum !== undefined && `Above ${exclusiveMinimum}.`,
    maximum !== undefined && `At most ${maximum}.`,
    maxLength !== undefined && `At most ${maxLength} characters.`,
    maxItems !== undefined && `At most ${maxItems} items.`,
    maxProperties !== undefined && `At most ${maxProperties} entries.`,
  ];
  const text = said.filter(Boolean).join(" ");
  return text === "" ? null : html`<span class="limits">${inline(text)}</span>`;
}
