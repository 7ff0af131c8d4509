import { expect, test } from "vitest";
import { HOSTILE_ADDRESSES, HOSTILE_HOSTS } from "../../src/jobs/webhooks/hostile-urls.ts";
import { apiClient } from "../../support/api-client.ts";
import { apiWorld, listen } from "../../support/api-world.ts";

const URL_ = "https://files.example.com/2026/call%2017.wav?signature=hush";
const headers = { Authorization: "Bearer hush" };

async function world() {
  const made = await apiWorld();
  return { ...made, send: apiClient(await listen(made), made.keys.ann) };
}

test("a recording elsewhere is queued at once; its headers and query are never shown", async () => {
  const { send, logged, services } = await world();
  const created = await send("POST", "/v1/transcriptions", { source: { url: URL_, headers } });
  expect(created.status).toBe(201);
  const source = { url: "https://files.example.com/2026/call%2017.wav" };
  expect(created.json).toMatchObject({ status: "queued", file_name: "call 17.wav", source });
  expect(created.json).not.toHaveProperty("upload");
  const read = await send("GET", `/v1/transcriptions/${created.json.id}`);
  const list = await send("GET", "/v1/transcriptions");
  expect(list.json.data[0].source).toEqual(source);
  const canceled = await send("POST", `/v1/transcriptions/${created.json.id}/cancel`);
  expect(`${created.text}${read.text}${list.text}${canceled.text}${JSON.stringify(logged)}`).not.toContain(
    "hush",
  );
  // At its end nothing needs them any more.
  const record = await services.store.getTranscription(created.json.id);
  expect(JSON.stringify(record)).not.toContain("hush");
  await send("DELETE", `/v1/transcriptions/${created.json.id}`);
  expect((await send("GET", `/v1/transcriptions/${created.json.id}`)).json.source).toBeNull();
});

test("an equal request under the same key is the same, another header is another request", async () => {
  const { send } = await world();
  const ask = (value: string) =>
    send(
      "POST",
      "/v1/transcriptions",
      { source: { url: URL_, headers: { Authorization: value } } },
      { "idempotency-key": "one" },
    );
  const first = await ask("Bearer a");
  expect((await ask("Bearer a")).json.id).toBe(first.json.id);
  expect((await ask("Bearer b")).status).toBe(422);
});

test.each([
  ...[...HOSTILE_HOSTS, "localhost", "127.0.0.1", "[::1]"].map((host) => `https://${host}/a.wav`),
  ...HOSTILE_ADDRESSES.filter((address) => !address.includes(":")).map((address) => `https://${address}/`),
  "http://files.example.com/a.wav",
  "https://user:password@files.example.com/a.wav",
  "ftp://files.example.com/a.wav",
  "s3://bucket/key",
  "a.wav",
])("%s is refused", async (url) => {
  const { send } = await world();
  const answer = await send("POST", "/v1/transcriptions", { source: { url } });
  expect(answer).toMatchObject({ status: 400, json: { code: "invalid_request", field: "source.url" } });
});

test.each([
  [{ Host: "inside" }, "source.headers.Host"],
  [{ Range: "bytes=0-" }, "source.headers.Range"],
  [{ "Content-Length": "3" }, "source.headers.Content-Length"],
  [{ "a b": "c" }, "source.headers.a b"],
  [{ Authorization: "a\r\nHost: inside" }, "source.headers.Authorization"],
  [Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`x-${index}`, "1"])), "source.headers"],
])("headers %j are refused", async (given, field) => {
  const { send } = await world();
  const answer = await send("POST", "/v1/transcriptions", { source: { url: URL_, headers: given } });
  expect(answer.status).toBe(400);
  expect(answer.json.errors.map((error: { field: string }) => error.field)).toContain(field);
});
