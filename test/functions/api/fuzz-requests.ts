/** Requests of all kinds to every call of a document, and what an answer must be. */
import fc from "fast-check";
import { expect } from "vitest";
import { violations } from "../../support/json-schema.ts";
import type { Call, OpenApiDocument } from "../../support/openapi-document.ts";
import { fitting, mutated } from "../../support/schema-arbitrary.ts";

const BOUNDARY = "fuzz";
export const SOURCE = { bucket: "tapes", key: "2019/a.wav" };
/** What the service knows, so that many requests succeed. */
const HINTS = {
  bucket: ["tapes", "service"],
  key: ["2019/a.wav", "list.csv", "inbox/ann/b.wav"],
  prefix: ["", "2019/", "inbox/ann/"],
  source: [
    SOURCE,
    { bucket: "tapes", prefix: "" },
    { manifest: { bucket: "tapes", key: "list.csv" }, format: "csv" },
  ],
  language: ["en", "en-GB", null],
  url: ["https://example.com/h"],
};

/** What each call that takes a body is certain to take. */
export const BODIES: Readonly<Record<string, FuzzRequest["body"]>> = {
  createTranscription: JSON.stringify({ source: SOURCE }),
  createBatch: JSON.stringify({ source: { bucket: "tapes", prefix: "" } }),
  createKey: "{}",
  transcribe: toForm({ file: "RIFF", model: "m" }),
};

export interface FuzzRequest {
  call: Call;
  /** Where in the list of ids; a text is an id of its own. */
  id: number | string;
  query: [string, string][];
  headers: [string, string][];
  body: string | Uint8Array<ArrayBuffer> | null;
  head: boolean;
}

/** And one of each kind that does not exist. */
export interface ExistingIds {
  transcriptions: string[];
  batches: string[];
  keys: string[];
}

const headerText = fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/);
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom("__proto__", "%00", "../x", ""),
);

/** URLs resolve dots, escaped or not: the path would be another. */
const pathText = anyText.filter((text) => text !== "." && text !== "..");

export function requestsOf(document: OpenApiDocument, call: Call): fc.Arbitrary<FuzzRequest> {
  const { parameters = [], requestBody } = call.operation;
  const place = (where: string) => {
    const known = parameters.filter((parameter) => parameter.in === where);
    const anything = where === "header" ? headerText : anyText;
    const each = known.map(({ name, schema }) => {
      const good = fitting(document, schema).map((value) =>
        where === "header" ? toHeader(value) : String(value),
      );
      const value = fc.oneof({ weight: 5, arbitrary: good }, anything);
      return fc.option(fc.tuple(fc.constant(name), value), { nil: null, freq: 2 });
    });
    const stray = fc.tuple(
      where === "header" ? fc.constantFrom("accept", "x-request-id", "origin") : anyText,
      anything,
    );
    const strays = rarely(stray, 20);
    return fc.tuple(...each, strays).map((list) => list.filter((one) => one !== null) as [string, string][]);
  };
  return fc.record({
    call: fc.constant(call),
    id: fc.oneof({ weight: 6, arbitrary: fc.nat(1000) }, pathText),
    query: place("query"),
    headers: fc
      .tuple(place("header"), fc.constant(formHeader(call)), overrides(requestBody !== undefined))
      .map((lists) => lists.flat()),
    body: requestBody ? bodiesOf(document, requestBody.content) : fc.constant(null),
    head: fc.boolean().map((head) => head && call.method === "get"),
  });
}

/** Of the headers that a request has in any case. */
function overrides(withBody: boolean): fc.Arbitrary<[string, string][]> {
  const type = fc.constantFrom("text/plain", "application/json; charset=utf-8", "application/xml", "json");
  const wrong: fc.Arbitrary<[string, string]> = withBody
    ? fc.oneof(
        fc.tuple(fc.constant("content-type"), type),
        fc.tuple(fc.constant("authorization"), headerText),
      )
    : fc.tuple(fc.constant("authorization"), headerText);
  return rarely(wrong, 15).map((one) => (one ? [one] : []));
}

export function formHeader({ operation }: Call): [string, string][] {
  const isForm = operation.requestBody?.content["multipart/form-data"] !== undefined;
  return isForm ? [["content-type", `multipart/form-data; boundary=${BOUNDARY}`]] : [];
}

function bodiesOf(
  document: OpenApiDocument,
  content: NonNullable<Call["operation"]["requestBody"]>["content"],
): fc.Arbitrary<FuzzRequest["body"]> {
  const form = content["multipart/form-data"]?.schema;
  if (!form) return bodies(document, content["application/json"].schema);
  const good = fitting(document, form, HINTS).map(toForm);
  return fc.oneof(
    { weight: 3, arbitrary: good },
    { weight: 2, arbitrary: mutated(fitting(document, form, HINTS)).map(toForm) },
    { weight: 1, arbitrary: fc.tuple(good, fc.nat(300)).map(([text, cut]) => text.slice(0, cut)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 50 }).map((bytes) => new Uint8Array(bytes)) },
  );
}

function toForm(value: unknown): string {
  const members = Object.entries(typeof value === "object" && value !== null ? value : {});
  const parts = members.flatMap(([name, member]) =>
    [member].flat().map((one) => {
      const plain = name.replaceAll(/["\r\n]/g, "_");
      const file = name === "file" ? '; filename="a.wav"' : "";
      return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${plain}"${file}\r\n\r\n${String(one)}\r\n`;
    }),
  );
  return `${parts.join("")}--${BOUNDARY}--\r\n`;
}

function bodies(document: OpenApiDocument, schema: object): fc.Arbitrary<FuzzRequest["body"]> {
  const good = fitting(document, schema as never, HINTS);
  const json = (value: unknown) => JSON.stringify(value);
  return fc.oneof(
    { weight: 5, arbitrary: good.map(json) },
    { weight: 4, arbitrary: mutated(good).map(json) },
    { weight: 1, arbitrary: fc.jsonValue().map(json) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 50 }) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 50 }).map((bytes) => new Uint8Array(bytes)) },
    { weight: 1, arbitrary: fc.constant(null) },
  );
}

/** Once in so many times; else null. */
function rarely<Value>(values: fc.Arbitrary<Value>, times: number): fc.Arbitrary<Value | null> {
  return fc.oneof({ weight: times - 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: values });
}

function toHeader(value: unknown): string {
  return String(value)
    .replaceAll(/[^ -~]/g, "?")
    .trim();
}

export function toRequest(
  { call, id, query, headers, body, head }: FuzzRequest,
  existing: ExistingIds,
  key: string,
): Request {
  const kind = (["batches", "keys"] as const).find((name) => call.path.startsWith(`/v1/${name}`));
  const ids = existing[kind ?? "transcriptions"];
  const which = typeof id === "number" ? ids[id % ids.length] : id;
  const path = call.path.replace("{id}", encodeURIComponent(which.toWellFormed()));
  const search = query.map((pair) => pair.map((part) => encodeURIComponent(part.toWellFormed())).join("="));
  const url = `http://api.test${path}${search.length > 0 ? `?${search.join("&")}` : ""}`;
  const all = new Headers({ authorization: `Bearer ${key}`, "content-type": "application/json" });
  for (const [name, value] of headers) all.set(name, value);
  return new Request(url, { method: head ? "HEAD" : call.method.toUpperCase(), headers: all, body });
}

/** That the answer is one that the document declares. */
export async function checkAnswer(
  document: OpenApiDocument,
  { call, head }: FuzzRequest,
  answer: Response,
): Promise<void> {
  const declared = call.operation.responses[answer.status];
  // The one that says that a job goes on.
  if (answer.status !== 504 || !declared)
    expect(answer.status, await answer.clone().text()).toBeLessThan(500);
  // A mangled id may lead to no call at all.
  if (declared === undefined)
    expect([answer.status, call.path]).toEqual([404, expect.stringContaining("{id}")]);
  expect(answer.headers.get("x-request-id")).not.toBeNull();
  const text = await answer.text();
  const type = answer.headers.get("content-type")?.split(";")[0];
  if (head || !declared?.content) return expect(text).toBe("");
  expect(Object.keys(declared.content)).toContain(type);
  const { schema } = declared.content[type ?? ""];
  const values = type === "application/jsonl" ? text.split("\n").filter(Boolean).map(parse) : [text];
  for (const value of values)
    expect(violations(document, schema, type?.endsWith("json") ? parse(text) : value)).toEqual([]);
}

function parse(text: string): unknown {
  return JSON.parse(text);
}
