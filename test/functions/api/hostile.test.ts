import { describe, expect, test } from "vitest";
import { apiWorld, listen } from "../../support/api-world.ts";
import { type RawRequest, rawRequest } from "../../support/raw-request.ts";

const T = "/v1/transcriptions";
const B = "/v1/batches";
const ID = `${T}/tr_${"0".repeat(32)}`;
const INVALID = [400, "invalid_request"] as const;
const TYPE = [415, "unsupported_media_type"] as const;
const UNKNOWN = [404, "not_found"] as const;

const json = (value: unknown) => JSON.stringify(value);
const nested = (depth: number) => `{"metadata":${'{"a":'.repeat(depth)}1${"}".repeat(depth)}}`;
const bytes = (...values: number[]) =>
  Uint8Array.from([...Buffer.from('{"file_name":"'), ...values, 0x22, 0x7d]);

type Row = [name: string, body: string | Uint8Array, at: string | null];

/** Bodies of POST /v1/transcriptions, each refused as invalid, with the field that is named. */
const BODIES: Row[] = [
  ["no JSON", "{", null],
  ["blanks alone", "   ", null],
  ["two documents", "{}{}", null],
  ["a comment", '{/* */"file_name":"a"}', null],
  ["single quotes", "{'file_name':'a'}", null],
  ["NaN", '{"alternatives":NaN}', null],
  ["a trailing comma", '{"alternatives":1,}', null],
  ["an array", "[]", ""],
  ["null", "null", ""],
  ["a number", "1", ""],
  ["a string", '"x"', ""],
  ["arrays 10,000 deep", "[".repeat(10_000) + "]".repeat(10_000), null],
  ["arrays 100,000 deep and open", "[".repeat(100_000), null],
  ["objects 10,000 deep", nested(10_000), null],
  ["objects 40 deep", nested(40), null],
  ["objects 20 deep", nested(20), "metadata.a"],
  ["an unknown member", json({ filename: "a" }), "filename"],
  ["__proto__", '{"__proto__":{"language":"en"}}', null],
  ["an escaped __proto__", '{"\\u005f_proto__":{}}', null],
  ["__proto__ in metadata", '{"metadata":{"__proto__":"x"}}', null],
  ["constructor", '{"constructor":{"prototype":{}}}', "constructor"],
  ["a member twice", '{"file_name":"a","file_name":"b"}', null],
  ["a member twice, once escaped", '{"metadata":{"a":"1","\\u0061":"2"}}', null],
  ["a lone surrogate", '{"file_name":"\\ud800"}', null],
  ["a lone surrogate in a name", '{"metadata":{"\\udfff":"x"}}', null],
  ["NUL", '{"file_name":"a\\u0000.wav"}', null],
  ["NUL in a name", '{"metadata":{"a\\u0000":"x"}}', null],
  ["a raw control character", '{"file_name":"a\u0001"}', null],
  ["bytes that are no UTF-8", bytes(0xff, 0xfe), null],
  ["an overlong encoding", bytes(0xc0, 0xaf), null],
  ["a surrogate in UTF-8", bytes(0xed, 0xa0, 0x80), null],
  ["UTF-16", new Uint8Array(Buffer.from("{}", "utf16le")), null],
  ["a huge number", '{"alternatives":1e999}', "alternatives"],
  ["a long number", `{"alternatives":${"9".repeat(5000)}}`, "alternatives"],
  ["a fraction", json({ alternatives: 1.5 }), "alternatives"],
  ["a negative number", json({ delete_after_seconds: -1 }), "delete_after_seconds"],
  ["a time beyond all dates", json({ delete_after_seconds: 9e15 }), "delete_after_seconds"],
  ["too many alternatives", json({ alternatives: 11 }), "alternatives"],
  ["a number as text", json({ alternatives: "1" }), "alternatives"],
  ["text as a boolean", json({ word_timestamps: "true" }), "word_timestamps"],
  ["an unknown enum", json({ channels: "left" }), "channels"],
  ["an unknown format", json({ formats: ["json", "docx"] }), "formats.1"],
  ["a format twice", json({ formats: ["srt", "srt"] }), "formats"],
  ["an empty file name", json({ file_name: "" }), "file_name"],
  ["a long file name", json({ file_name: "a".repeat(256) }), "file_name"],
  ["a header in the content type", json({ content_type: "audio/wav\r\nx-evil: 1" }), "content_type"],
  ["a content type that is none", json({ content_type: "wav" }), "content_type"],
  ["a language that is none", json({ language: "english please" }), "language"],
  ["a language the model does not know", json({ language: "xx" }), "language"],
  ["a blank hotword", json({ hotwords: [{ phrase: " " }] }), "hotwords.0.phrase"],
  ["a long hotword", json({ hotwords: [{ phrase: "a".repeat(101) }] }), "hotwords.0.phrase"],
  ["too many hotwords", json({ hotwords: Array(1001).fill({ phrase: "a" }) }), "hotwords"],
  ["a hotword as text", json({ hotwords: ["a"] }), "hotwords.0"],
  ["a boost of nothing", json({ hotwords: [{ phrase: "a", boost: 0 }] }), "hotwords.0.boost"],
  ["a boost without end", '{"hotwords":[{"phrase":"a","boost":1e400}]}', "hotwords.0.boost"],
  ["metadata that is no text", json({ metadata: { a: 1 } }), "metadata.a"],
  ["metadata without a name", json({ metadata: { "": "x" } }), "metadata."],
  ["metadata of a long name", json({ metadata: { ["a".repeat(65)]: "x" } }), `metadata.${"a".repeat(65)}`],
  ["metadata too long", json({ metadata: { a: "x".repeat(1001) } }), "metadata.a"],
  [
    "too much metadata",
    json({ metadata: Object.fromEntries([...Array(51).keys()].map((i) => [i, ""])) }),
    "metadata",
  ],
  ["metadata as a list", json({ metadata: [] }), "metadata"],
  ["a source without a key", json({ source: { bucket: "tapes" } }), "source.key"],
  ["a source with more", json({ source: { bucket: "tapes", key: "a", region: "x" } }), "source.region"],
  ["a source that is not there", json({ source: { bucket: "tapes", key: "no.wav" } }), "source"],
  [
    "a source above its bucket",
    json({ source: { bucket: "tapes", key: "../service/inbox/bob/c.wav" } }),
    "source",
  ],
  ["an absolute source", json({ source: { bucket: "tapes", key: "/etc/passwd" } }), "source"],
  ["a long key", json({ source: { bucket: "tapes", key: "é".repeat(513) } }), "source.key"],
  ["another's bucket", json({ source: { bucket: "../tapes", key: "a" } }), "source.bucket"],
  ["a prototype's bucket", json({ source: { bucket: "__proto__", key: "a" } }), "source.bucket"],
  ["another's inbox", json({ source: { bucket: "service", key: "inbox/bob/c.wav" } }), "source.bucket"],
  [
    "a way out of the inbox",
    json({ source: { bucket: "service", key: "inbox/ann/../bob/c.wav" } }),
    "source",
  ],
  ["a webhook as text", json({ webhook: "https://example.com" }), "webhook"],
  ["a webhook without TLS", json({ webhook: { url: "http://example.com" } }), "webhook.url"],
  ["a webhook to this machine", json({ webhook: { url: "https://localhost/" } }), "webhook.url"],
  [
    "a webhook to the cloud's own address",
    json({ webhook: { url: "https://169.254.169.254/" } }),
    "webhook.url",
  ],
  ["a webhook to a script", json({ webhook: { url: "javascript:alert(1)" } }), "webhook.url"],
  ["a long webhook", json({ webhook: { url: `https://example.com/${"a".repeat(2048)}` } }), "webhook.url"],
];

const post = (path: string, body: string, headers = {}): RawRequest => ({
  method: "POST",
  path,
  body,
  headers,
});
const get = (path: string, headers = {}): RawRequest => ({ method: "GET", path, headers });

const REQUESTS: [name: string, request: RawRequest, status: number, code: string][] = [
  ["a form", post(T, "a=b", { "content-type": "application/x-www-form-urlencoded" }), ...TYPE],
  ["text", post(T, "{}", { "content-type": "text/plain" }), ...TYPE],
  ["no type", post(T, "{}", { "content-type": [] }), ...TYPE],
  ["a type like JSON", post(T, "{}", { "content-type": "application/jsonx" }), ...TYPE],
  ["JSON in Latin-1", post(T, "{}", { "content-type": "application/json; charset=latin1" }), ...TYPE],
  ["a batch of nothing", post(B, ""), ...INVALID],
  ["a batch without a source", post(B, "{}"), ...INVALID],
  [
    "a batch of two kinds of source",
    post(B, json({ source: { bucket: "a", prefix: "", manifest: {} } })),
    ...INVALID,
  ],
  ["an empty Idempotency-Key", post(T, "{}", { "idempotency-key": "" }), ...INVALID],
  ["a long Idempotency-Key", post(T, "{}", { "idempotency-key": "k".repeat(256) }), ...INVALID],
  ["two Idempotency-Keys", post(T, "{}", { "idempotency-key": ["a", "b"] }), ...INVALID],
  ["a large body", post(T, " ".repeat(262_145)), 413, "too_large"],
  ["a large body for a call without one", post(`${ID}/cancel`, " ".repeat(262_145)), 413, "too_large"],
  ["an id with ..", get(`${T}/../../healthz/x`), ...UNKNOWN],
  ["an id with escaped ..", get(`${T}/..%2f..%2fkeys`), ...UNKNOWN],
  ["an id escaped twice", get(`${T}/%252e%252e`), ...UNKNOWN],
  ["an id of a broken escape", get(`${T}/%E0%A4%A`), ...UNKNOWN],
  ["an id with NUL", get(`${T}/tr_${"0".repeat(31)}%00`), ...UNKNOWN],
  ["an id with a line break", get(`${ID}%0a`), ...UNKNOWN],
  ["an id in capitals", get(`${T}/TR_${"0".repeat(32)}`), ...UNKNOWN],
  ["an id of another kind", get(`${T}/ba_${"0".repeat(32)}`), ...UNKNOWN],
  ["a long id", get(`${T}/${"a".repeat(8000)}`), ...UNKNOWN],
  ["markup for an id", get(`${T}/%3Cscript%3E`), ...UNKNOWN],
  ["a path of slashes", get("//v1//transcriptions"), ...UNKNOWN],
  ["an unknown parameter", get(`${T}?statuss=queued`), ...INVALID],
  ["an unknown parameter where there is none", get(`${ID}?verbose=1`), ...INVALID],
  ["__proto__ for a parameter", get(`${T}?__proto__=1`), ...INVALID],
  ["a parameter twice", get(`${T}?limit=1&limit=2`), ...INVALID],
  ["a limit of nothing", get(`${T}?limit=`), ...INVALID],
  ["a limit of 0", get(`${T}?limit=0`), ...INVALID],
  ["a limit of 101", get(`${T}?limit=101`), ...INVALID],
  ["a limit of 1e1", get(`${T}?limit=1e1`), ...INVALID],
  ["an unknown status", get(`${T}?status=done`), ...INVALID],
  ["a cursor that is none", get(`${T}?after=xyz`), ...INVALID],
  ["a cursor of markup", get(`${B}?after=%00%27%20OR%201=1`), ...INVALID],
  [
    "a forged cursor",
    get(`${T}?after=${Buffer.from('["transcriptions",1,{}]').toString("base64url")}`),
    ...INVALID,
  ],
  ["a format in capitals", get(`${ID}/transcript?format=SRT`), ...INVALID],
  ["basic authentication", get(T, { authorization: "Basic YTpi" }), 401, "unauthorized"],
  ["a key without Bearer", get(T, { authorization: `sk_${"0".repeat(48)}` }), 401, "unauthorized"],
  ["an endless key", get(T, { authorization: `Bearer sk_${"0".repeat(9000)}` }), 401, "unauthorized"],
  ["a method that is not known", { method: "PATCH", path: ID, headers: {} }, 405, "method_not_allowed"],
  ["a method from elsewhere", { method: "PROPFIND", path: T, headers: {} }, 405, "method_not_allowed"],
  ["TRACE", { method: "TRACE", path: "/healthz", headers: {} }, 405, "method_not_allowed"],
];

async function send({ headers, ...rest }: RawRequest) {
  const world = await apiWorld();
  const authorization = `Bearer ${world.keys.ann}`;
  const type = rest.body === undefined ? {} : { "content-type": "application/json" };
  const answer = await rawRequest(await listen(world), {
    ...rest,
    headers: { authorization, ...type, ...headers },
  });
  const problem = JSON.parse(answer.text);
  const failures = world.logged.filter(({ level }) => level === "error");
  const made = await world.services.store.listTranscriptions({ owner: "ann", limit: 1 });
  return { ...answer, problem, failures, made: made.items };
}

describe("a body is refused for", () => {
  test.each(BODIES)("%s", async (_, body, at) => {
    const { status, problem, failures, made, headers } = await send(post(T, body as string));
    expect([status, problem.code, headers["content-type"]]).toEqual([...INVALID, "application/problem+json"]);
    const named = problem.errors?.[0].field ?? problem.field ?? null;
    expect(named).toBe(at);
    expect([failures, made]).toEqual([[], []]);
  });
});

describe("refused is", () => {
  test.each(REQUESTS)("%s", async (_, request, status, code) => {
    const answer = await send(request);
    expect([answer.status, answer.problem.code, answer.problem.status]).toEqual([status, code, status]);
    expect(answer.headers["content-type"]).toBe("application/problem+json");
    expect([answer.failures, answer.made]).toEqual([[], []]);
  });
});

test("what is wrong is named, all of it, and the better meant of two alternatives", async () => {
  const body = { source: { bucket: 1, prefx: "" }, channels: "x", metadata: { a: 1 } };
  const { problem } = await send(post(B, json(body)));
  const fields = problem.errors.map(({ field }: { field: string }) => field);
  expect(fields.sort()).toEqual(["channels", "metadata.a", "source.bucket", "source.prefix", "source.prefx"]);
  const many = await send(post(T, json(Object.fromEntries([...Array(500).keys()].map((i) => [`x${i}`, 1])))));
  expect(many.problem.errors).toHaveLength(20);
});
