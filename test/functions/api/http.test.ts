import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { StorageFullError, StorageReadOnlyError } from "../../../src/jobs/errors.ts";
import type { JobStore } from "../../../src/jobs/ports/index.ts";
import type { Services } from "../../../src/jobs/services.ts";
import { apiClient } from "../../support/api-client.ts";
import { apiWorld, listen } from "../../support/api-world.ts";

async function start(...world: Parameters<typeof apiWorld>) {
  const made = await apiWorld(...world);
  const base = await listen(made);
  return { world: made, base, ann: apiClient(base, made.keys.ann), nobody: apiClient(base, null) };
}

/** The store, of which one method fails. */
function withStore(method: keyof JobStore, error: unknown) {
  return ({ store }: Services): Partial<Services> => ({
    store: new Proxy(store, {
      get(target, name) {
        if (name === method) return async () => Promise.reject(error);
        return (target[name as keyof JobStore] as unknown as () => void).bind(target);
      },
    }),
  });
}

describe("every answer", () => {
  test("has a request id: the caller's, or a new one where that is not fit for a log", async () => {
    const { nobody } = await start();
    const ask = async (id?: string, path = "/healthz") =>
      (await nobody("GET", path, undefined, id === undefined ? {} : { "x-request-id": id })).headers.get(
        "x-request-id",
      );
    expect(await ask("abc-123:4/5")).toBe("abc-123:4/5");
    expect(await ask("mine", "/nowhere")).toBe("mine");
    expect(await ask("mine", "/v1/models")).toBe("mine");
    for (const bad of [undefined, "", "a b", "x".repeat(129), "é"])
      expect(await ask(bad)).toMatch(/^req_[0-9a-f]{32}$/);
  });

  test("is logged and measured by pattern, without key, path or query", async () => {
    const { world, ann, nobody } = await start();
    await ann("GET", `/v1/transcriptions/tr_${"1".repeat(32)}/transcript?format=srt`);
    await nobody("GET", "/secret?x=1");
    await nobody("PROPFIND", "/docs");
    const lines = world.logged.filter(({ event }) => event === "request.served");
    expect(lines).toMatchObject([
      { method: "GET", route: "/v1/transcriptions/:id/transcript", status: 404, ms: 0, owner: "ann" },
      { method: "GET", route: "unknown", status: 404 },
      { method: "OTHER", route: "/docs", status: 405 },
    ]);
    expect(lines[0].key_id).toMatch(/^ke_/);
    expect(lines[1]).not.toHaveProperty("owner");
    expect(JSON.stringify(world.logged)).not.toMatch(/sk_|secret|1111/);
    expect(world.served.map(({ route, status }) => [route, status])).toEqual(
      lines.map(({ route, status }) => [route, status]),
    );
  });

  test("under /v1 is stored by nobody, and guessed at by nobody", async () => {
    const { ann, nobody } = await start();
    for (const answer of [
      await ann("GET", "/v1/models"),
      await ann("GET", "/v1/x"),
      await nobody("GET", "/v1/models"),
    ])
      expect(answer.headers.get("cache-control")).toBe("no-store");
    for (const path of ["/v1/models", "/nowhere", "/docs", "/openapi.json", "/healthz"])
      expect((await ann("GET", path)).headers.get("x-content-type-options")).toBe("nosniff");
  });
});

describe("a key", () => {
  test("is needed under /v1, known path or not, and nowhere else", async () => {
    const { nobody, base } = await start();
    const wrong = apiClient(base, `sk_${"0".repeat(48)}`);
    for (const send of [nobody, wrong])
      for (const path of ["/v1/models", "/v1/nowhere", "/v1/"]) {
        const { status, json, headers } = await send("GET", path);
        expect([status, json.code, headers.get("www-authenticate")]).toEqual([401, "unauthorized", "Bearer"]);
      }
    for (const path of ["/healthz", "/openapi.json", "/docs"])
      expect((await nobody("GET", path)).status).toBe(200);
  });

  test.each([
    ["alone", (key: string) => key, "a key alone"],
    ["behind Token", (key: string) => `Token ${key}`, "“Token”"],
    ["behind Basic", (key: string) => `Basic ${Buffer.from(`${key}:`).toString("base64")}`, "“Basic”"],
    ["behind ApiKey", (key: string) => `ApiKey ${key}`, "“ApiKey”"],
  ])("%s is no key, and it is said how to send it", async (_, header, found) => {
    const { world, base } = await start();
    const headers = { authorization: header(world.keys.ann) };
    const answer = await fetch(`${base}/v1/models`, { headers });
    const { detail } = (await answer.json()) as { detail: string };
    expect(answer.status).toBe(401);
    expect(detail).toBe(`The Authorization header has ${found}. Send: Authorization: Bearer sk_…`);
  });

  test("opens nothing once it is revoked", async () => {
    const { world, ann } = await start();
    for (const { id } of await world.services.store.listKeys())
      await world.services.store.revokeKey(id, "2026-03-01T12:00:00.000Z");
    expect((await ann("GET", "/v1/models")).status).toBe(401);
  });

  test("makes so many requests a minute, and is told when to come back", async () => {
    const { world, base, ann } = await start({ requestsPerMinute: 3 });
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await ann("GET", "/v1/models"));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers[3].json.code).toBe("rate_limited");
    expect(answers[3].headers.get("retry-after")).toBe("20");
    expect(answers[0].headers.get("ratelimit-policy")).toBe('"key";q=3;w=60');
    expect(answers.map(({ headers }) => headers.get("ratelimit"))).toEqual([
      '"key";r=2;t=20',
      '"key";r=1;t=40',
      '"key";r=0;t=60',
      '"key";r=0;t=60',
    ]);
    expect((await apiClient(base, world.keys.bob)("GET", "/v1/models")).status).toBe(200);
    world.clock.advance(20);
    expect((await ann("GET", "/v1/models")).status).toBe(200);
  });
});

describe("paths and methods", () => {
  test("that are unknown are told apart", async () => {
    const { ann } = await start();
    for (const path of [
      "/",
      "/v2",
      "/v1",
      "/v1/transcriptions/",
      "/v1/transcriptions/a/b",
      "/docs/",
      "/V1/models",
    ])
      expect([path, (await ann("GET", path)).json.code]).toEqual([path, "not_found"]);
    const { status, headers, json } = await ann("PUT", `/v1/transcriptions/tr_${"0".repeat(32)}`, {});
    expect([status, json.code]).toEqual([405, "method_not_allowed"]);
    expect(headers.get("allow")).toBe("DELETE, GET, HEAD, OPTIONS");
    const options = await ann("OPTIONS", "/healthz");
    expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, HEAD, OPTIONS"]);
  });

  test("with GET have HEAD, of the same headers", async () => {
    const { ann } = await start();
    for (const path of [
      "/v1/models",
      "/v1/transcriptions",
      "/healthz",
      "/openapi.json",
      "/docs",
      "/nowhere",
    ]) {
      const [get, head] = [await ann("GET", path), await ann("HEAD", path)];
      expect([path, head.status, head.text]).toEqual([path, get.status, ""]);
      expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"));
    }
  });

  test("may be called by any page, without cookies", async () => {
    const { nobody, ann } = await start();
    const preflight = await nobody("OPTIONS", "/v1/transcriptions", undefined, {
      origin: "https://app.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,idempotency-key",
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect(preflight.headers.get("access-control-allow-headers")).toContain("idempotency-key");
    expect(preflight.headers.get("access-control-allow-credentials")).toBeNull();
    for (const path of ["/v1/models", "/v1/nowhere"])
      expect((await ann("GET", path)).headers.get("access-control-allow-origin")).toBe("*");
  });
});

describe("a body", () => {
  test("may be as large as the limit and no larger", async () => {
    const { ann } = await start({ requestBytes: 1000 });
    const body = (size: number) => `{}${" ".repeat(size - 2)}`;
    expect((await ann("POST", "/v1/transcriptions", body(1000))).status).toBe(201);
    for (const path of ["transcriptions", "batches", "webhook-secrets/rotate"]) {
      const { status, json } = await ann("POST", `/v1/${path}`, body(1001));
      expect([status, json.code, json.limit_bytes]).toEqual([413, "too_large", 1000]);
    }
  });

  test("that comes in chunks without end is cut off", async () => {
    const { world, base } = await start();
    const { status, sent } = await new Promise<{ status?: number; sent: number }>((resolve, reject) => {
      let sent = 0;
      const headers = { authorization: `Bearer ${world.keys.ann}`, "content-type": "application/json" };
      const outgoing = request(`${base}/v1/transcriptions`, { method: "POST", headers }, (answer) => {
        clearInterval(timer);
        answer.resume();
        resolve({ ...(answer.statusCode !== undefined && { status: answer.statusCode }), sent });
        outgoing.destroy();
      });
      const timer = setInterval(() => outgoing.write(" ".repeat(65_536), () => (sent += 65_536)), 1);
      outgoing.on("error", reject);
    });
    expect(status).toBe(413);
    // What the kernel buffers between the two, and no more.
    expect(sent).toBeLessThan(50e6);
  });
});

test("a body that breaks off is no failure of the service", async () => {
  const { world, base } = await start();
  const headers = {
    authorization: `Bearer ${world.keys.ann}`,
    "content-type": "application/json",
    "content-length": "100",
  };
  const outgoing = request(`${base}/v1/transcriptions`, { method: "POST", headers });
  outgoing.on("error", () => {});
  outgoing.write("{", () => outgoing.destroy());
  await expect.poll(() => world.served).toMatchObject([{ route: "/v1/transcriptions", status: 400 }]);
  expect(world.logged.filter(({ level }) => level === "error")).toEqual([]);
});

describe("what nobody foresaw", () => {
  test("is a 500 that tells the request id and nothing else", async () => {
    const { world, ann } = await start({}, withStore("getTranscription", new Error("secret /etc/passwd")));
    const path = `/v1/transcriptions/tr_${"0".repeat(32)}`;
    const { status, json, text, headers } = await ann("GET", path, undefined, { "x-request-id": "r-1" });
    expect([status, headers.get("content-type")]).toEqual([500, "application/problem+json"]);
    expect(json).toMatchObject({
      code: "internal_error",
      request_id: "r-1",
      detail: expect.stringContaining("r-1"),
    });
    expect(text).not.toMatch(/secret|passwd/);
    const line = world.logged.find(({ event }) => event === "request.failed");
    expect(line).toMatchObject({
      level: "error",
      request_id: "r-1",
      error: expect.stringContaining("secret"),
    });
  });

  test.each([
    [new StorageFullError(null), 507, "storage_full"],
    [new StorageReadOnlyError(null), 503, "storage_read_only"],
  ])("storage that fails: %s", async (error, status, code) => {
    const { ann } = await start({}, withStore("createTranscription", error));
    const answer = await ann("POST", "/v1/transcriptions");
    expect([answer.status, answer.json.code, answer.json.status]).toEqual([status, code, status]);
  });

  test.each([
    [new StorageFullError(null), "storage_full"],
    [new Error("secret"), "internal_error"],
  ])("is bad health: %s", async (error, code) => {
    const { nobody } = await start({}, withStore("checkHealth", error));
    const { status, json, text } = await nobody("GET", "/healthz");
    expect([status, json.status, json.code]).toEqual([503, 503, code]);
    expect(text).not.toContain("secret");
  });
});

test("a body that does not come is not waited for", async () => {
  const { world, base } = await start({ requestSeconds: 1 });
  const { hostname, port } = new URL(base);
  const headers = {
    authorization: `Bearer ${world.keys.ann}`,
    "content-type": "application/json",
    "content-length": 100,
  };
  const answer = await new Promise<number>((resolve, reject) => {
    const slow = request(
      { hostname, port, path: "/v1/transcriptions", method: "POST", headers },
      (response) => {
        resolve(response.statusCode ?? 0);
        slow.destroy();
      },
    );
    slow.on("error", reject);
    slow.write('{"file_name": "');
  });
  expect(answer).toBe(408);
});

describe("a recording", () => {
  test.each(["audio/wav", "video/mp4", "application/octet-stream", "multipart/form-data; boundary=x"])(
    "sent as %s to a call that takes JSON is told where it belongs, however large it is",
    async (type) => {
      const { world, base } = await start();
      const headers = { authorization: `Bearer ${world.keys.ann}`, "content-type": type };
      const body = new Uint8Array(3_000_000);
      const answer = await fetch(`${base}/v1/transcriptions`, { method: "POST", headers, body });
      const { code, detail } = (await answer.json()) as { code: string; detail: string };
      expect([answer.status, code]).toEqual([415, "unsupported_media_type"]);
      expect(detail).toContain("PUT the recording itself to the upload.url");
    },
  );
});
