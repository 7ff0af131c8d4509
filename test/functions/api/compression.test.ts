import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { apiWorld, listen, transcribe } from "../../support/api-world.ts";
import { rawRequest } from "../../support/raw-request.ts";

async function start() {
  const world = await apiWorld();
  const base = await listen(world);
  const authorization = `Bearer ${world.keys.ann}`;
  const ask = (path: string, headers: Record<string, string> = {}, method = "GET") =>
    rawRequest(base, { method, path, headers: { authorization, ...headers } });
  return { world, ask, base, authorization };
}

test.each(["gzip", "gzip, br", "br;q=1.0, *;q=0.5", "GZIP;q=0.1"])(
  "a long answer is compressed for whoever takes %s",
  async (accepted) => {
    const { base, ask } = await start();
    const plain = await ask("/openapi.json");
    const answer = await fetch(`${base}/openapi.json`, { headers: { "accept-encoding": accepted } });
    expect([answer.status, answer.headers.get("content-encoding")]).toEqual([200, "gzip"]);
    expect(answer.headers.get("vary")).toContain("Accept-Encoding");
    expect(await answer.text()).toBe(plain.text);
    expect(Number(answer.headers.get("content-length"))).toBeLessThan(plain.text.length / 4);
  },
);

test.each(["", "identity", "br", "gzip;q=0", "*;q=0", "gzip;q=0.0, *"])(
  "and is plain for whoever sends Accept-Encoding: %j",
  async (accepted) => {
    const { ask } = await start();
    const { headers, text } = await ask("/openapi.json", { "accept-encoding": accepted });
    expect(headers["content-encoding"]).toBeUndefined();
    expect(headers.vary).toContain("Accept-Encoding");
    expect(JSON.parse(text)).toHaveProperty("openapi");
  },
);

test("a short answer is plain, and has its length and ETag as they were", async () => {
  const { world, ask } = await start();
  const created = await world.app.request("/v1/transcriptions", {
    method: "POST",
    headers: { authorization: `Bearer ${world.keys.ann}` },
  });
  const { id } = (await created.json()) as { id: string };
  await transcribe(world, id);
  const { headers } = await ask(`/v1/transcriptions/${id}/transcript?format=text`, {
    "accept-encoding": "gzip",
  });
  expect(headers["content-encoding"]).toBeUndefined();
  expect(headers.etag).toMatch(/^"/);
  expect(headers["content-length"]).toBe("12");
  expect(headers.vary).toBe("Accept, Accept-Encoding");
});

test("a problem of more than a kilobyte is compressed as well, and HEAD is not", async () => {
  const { base, authorization, ask } = await start();
  const body = JSON.stringify(Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`unknown${i}`, 1])));
  const answer = await fetch(`${base}/v1/transcriptions`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json", "accept-encoding": "gzip" },
    body,
  });
  expect([answer.status, answer.headers.get("content-encoding")]).toEqual([400, "gzip"]);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(await answer.json()).toMatchObject({ code: "invalid_request" });
  const head = await ask("/openapi.json", { "accept-encoding": "gzip" }, "HEAD");
  expect([head.status, head.headers["content-encoding"]]).toEqual([200, undefined]);
});

test("on Lambda it comes as base64", async () => {
  const { world } = await start();
  const { handle } = await import("hono/aws-lambda");
  const event = {
    version: "2.0",
    routeKey: "$default",
    rawPath: "/openapi.json",
    rawQueryString: "",
    headers: { "accept-encoding": "gzip", host: "x" },
    requestContext: { http: { method: "GET", path: "/openapi.json" }, domainName: "x" },
    isBase64Encoded: false,
  };
  const answer = (await handle(world.app)(event as never)) as { body: string; isBase64Encoded: boolean };
  expect(answer.isBase64Encoded).toBe(true);
  expect(JSON.parse(gunzipSync(Buffer.from(answer.body, "base64")).toString())).toHaveProperty("openapi");
});
