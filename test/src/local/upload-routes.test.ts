import { once } from "node:events";
import { chmod, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startChild } from "./children/run-child.ts";
import { startUploads } from "./upload-server.ts";

const ONCE = { "If-None-Match": "*" };

async function put(url: string, body: string | Buffer<ArrayBuffer>, headers: Record<string, string> = {}) {
  const response = await fetch(url, { method: "PUT", body, headers: { ...ONCE, ...headers } });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

function expectProblem(answer: Awaited<ReturnType<typeof put>>, status: number, code: string) {
  expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
  expect(answer.body).toMatchObject({ type: "about:blank", status, code });
  expect(answer.body.title).toMatch(/^[A-Z]/);
  expect(answer.body.detail).toMatch(/\.$/);
  expect(answer.status).toBe(status);
}

describe("an upload", () => {
  test("is stored, announced, and then answered with its ETag", async () => {
    const { blobs, url, announced } = await startUploads();
    const key = "uploads/tr_1/a größer + name?&#%.wav";
    const answer = await put(await url(key), "recording");
    const facts = await blobs.head({ bucket: "service", key });
    expect(answer).toMatchObject({ status: 200, body: {} });
    expect(answer.headers.get("ETag")).toBe(`"${facts?.etag}"`);
    expect(announced).toEqual([facts]);
    expect(facts?.size).toBe(9);
  });

  test("is not answered before it is announced", async () => {
    const { url, hooks, blobs } = await startUploads();
    const ref = { bucket: "service", key: "a" };
    const order: string[] = [];
    hooks.onStored = async () => {
      order.push((await blobs.head(ref)) ? "stored" : "missing");
      for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
      order.push("announced");
    };
    await put(await url("a"), "x");
    order.push("answered");
    expect(order).toEqual(["stored", "announced", "answered"]);
  });

  test("may be as long as it may be, and empty", async () => {
    const { url, stored } = await startUploads();
    expect(await put(await url("full", { maxBytes: 3_000_000 }), Buffer.alloc(3_000_000))).toMatchObject({
      status: 200,
    });
    expect(await put(await url("empty"), "")).toMatchObject({ status: 200 });
    expect(await stored()).toEqual(["empty", "full"]);
  });

  test("may come in pieces, its length unknown beforehand", async () => {
    const { blobs, url, dial } = await startUploads();
    const client = dial(await url("a"), "Transfer-Encoding: chunked\r\nConnection: close");
    client.socket.write("3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n");
    expect(await client.answer()).toContain("HTTP/1.1 200");
    const { body } = await blobs.get({ bucket: "service", key: "a" });
    expect(Buffer.concat(await Array.fromAsync(body)).toString()).toBe("abcdefg");
  });

  test("has the Content-Type that was asked for, or any where none was", async () => {
    const { url, stored } = await startUploads();
    const bound = await url("bound", { contentType: "audio/wav" });
    expectProblem(await put(bound, "x", { "Content-Type": "text/html" }), 403, "upload_url_invalid");
    expect(await put(bound, "x", { "Content-Type": "audio/wav" })).toMatchObject({ status: 200 });
    expect(await put(await url("free"), "x", { "Content-Type": "text/html" })).toMatchObject({ status: 200 });
    expect(await stored()).toEqual(["bound", "free"]);
  });

  test("of a form is refused with what to send instead", async () => {
    const { url, stored } = await startUploads();
    const body = new FormData();
    body.set("file", new Blob(["x"]), "a.wav");
    const answer = await fetch(await url("form"), { method: "PUT", body, headers: ONCE });
    expect(answer.status).toBe(415);
    const { code, detail } = (await answer.json()) as { code: string; detail: string };
    expect([code, detail]).toEqual(["unsupported_media_type", expect.stringContaining("curl -T")]);
    expect(await stored()).toEqual([]);
  });

  test.each(["POST", "GET", "DELETE", "PATCH"])("by %s is told of PUT", async (method) => {
    const { url, stored } = await startUploads();
    const answer = await fetch(await url("a"), { method, ...(method !== "GET" && { body: "x" }) });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "OPTIONS, PUT"]);
    expect(await answer.json()).toMatchObject({ code: "method_not_allowed" });
    expect(await stored()).toEqual([]);
  });

  test("may come from a page of any origin, which is told beforehand", async () => {
    const { url, stored } = await startUploads();
    const to = await url("page");
    const origin = "https://app.example";
    const asked = {
      "Access-Control-Request-Method": "PUT",
      "Access-Control-Request-Headers": "content-type,if-none-match",
    };
    const before = await fetch(to, { method: "OPTIONS", headers: { Origin: origin, ...asked } });
    expect(before.status).toBe(204);
    expect(before.headers.get("access-control-allow-origin")).toBe("*");
    expect(before.headers.get("access-control-allow-methods")).toBe("PUT");
    expect(before.headers.get("access-control-allow-headers")?.split(",")).toEqual([
      "content-type",
      "if-none-match",
    ]);
    const sent = await fetch(to, { method: "PUT", body: "x", headers: { Origin: origin, ...ONCE } });
    expect([sent.status, sent.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
    const refused = await fetch(to, { method: "PUT", body: "x", headers: { Origin: origin } });
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([403, "*"]);
    expect(await stored()).toEqual(["page"]);
  });

  test("without the headers that it was created with is refused, as S3 does it", async () => {
    const { url, stored } = await startUploads();
    const bare = await fetch(await url("bare"), { method: "PUT", body: "x" });
    expect(bare.status).toBe(403);
    expect(await bare.json()).toMatchObject({ code: "upload_headers_missing" });
    expect(await stored()).toEqual([]);
  });

  test.each<[string, (url: string) => string]>([
    ["key", (url) => url.replace("/mine", "/yours")],
    ["key, from below", (url) => url.replace("/mine", "/x/../yours")],
    ["key, in disguise", (url) => url.replace("/mine", "/x%2f%2e%2e%2fmine")],
    ["bucket", (url) => url.replace("/service/", "/archive/")],
    ["expiry", (url) => url.replace(/expires=\d/, "expires=9")],
    ["size", (url) => url.replace("max=1000", "max=1001")],
    ["size, to a wild one", (url) => url.replace("max=1000", "max=-1")],
    ["signature", (url) => url.replace(/signature=.../, "signature=AAA")],
    ["signature, cut", (url) => url.slice(0, -4)],
    ["signature, taken away", (url) => url.replace(/&signature=.*/, "")],
    ["query, taken away", (url) => url.replace(/\?.*/, "")],
    ["escapes, broken", (url) => url.replace("/mine", "/%ff%zz")],
  ])("to a URL with another %s is refused", async (_, change) => {
    const { url, stored, announced } = await startUploads();
    const changed = change(await url("mine"));
    expectProblem(await put(changed, "x"), 403, "upload_url_invalid");
    expect(await stored()).toEqual([]);
    expect(announced).toEqual([]);
  });

  test("after the URL's time is refused", async () => {
    const { url, clock, stored } = await startUploads();
    const late = await url("late");
    clock.advance(60);
    expectProblem(await put(late, "x"), 403, "upload_url_expired");
    expect(await stored()).toEqual([]);
  });

  test("to a URL that was used leaves the first one, and announces it again", async () => {
    const { blobs, url, announced } = await startUploads();
    const used = await url("used");
    await put(used, "first");
    expectProblem(await put(used, "second"), 412, "already_uploaded");
    const facts = await blobs.head({ bucket: "service", key: "used" });
    expect(facts?.size).toBe(5);
    expect(announced).toEqual([facts, facts]);
  });

  test("by many at once is stored once", async () => {
    const { url, stored } = await startUploads();
    const one = await url("one", { maxBytes: 2_000_000 });
    const answers = await Promise.all([1, 2, 3, 4].map((i) => put(one, Buffer.alloc(1_000_000, i))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
    expect(await stored()).toEqual(["one"]);
  });

  test("that could not be announced is not acknowledged, and announced when it is tried again", async () => {
    const { url, hooks, announced } = await startUploads();
    const again = await url("again");
    const announce = hooks.onStored;
    hooks.onStored = () => Promise.reject(new Error("no queue"));
    expect(await put(again, "x")).toMatchObject({ status: 500, body: { code: "internal_error" } });
    hooks.onStored = announce;
    expectProblem(await put(again, "x"), 412, "already_uploaded");
    expect(announced).toHaveLength(1);
  });

  test("that says it is too long is refused before it is sent", async () => {
    const { url, stored, dial } = await startUploads();
    const client = dial(await url("long"), "Content-Length: 1001");
    const answer = await client.answer();
    expect(answer).toContain("HTTP/1.1 413");
    expect(answer).toContain('"code":"too_large"');
    expect(await stored()).toEqual([]);
  });

  test("that turns out too long is cut off, whatever it goes on to send", async () => {
    const { url, folder, stored, announced, dial } = await startUploads();
    const client = dial(await url("endless", { maxBytes: 100_000 }), "Transfer-Encoding: chunked");
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
    const keepOn = () => {
      while (client.socket.writable && client.socket.write(chunk));
    };
    client.socket.on("drain", keepOn);
    keepOn();
    const answer = await client.answer();
    expect(answer).toContain("HTTP/1.1 413");
    expect(answer).toContain('"code":"too_large"');
    expect(await stored()).toEqual([]);
    expect(announced).toEqual([]);
    expect(await readdir(join(folder, ".tmp"))).toEqual([]);
  });

  test("whose client falls silent is given up", async () => {
    const { url, folder, stored, dial } = await startUploads({ idleSeconds: 0.2 });
    const client = dial(await url("silent"), "Content-Length: 100");
    client.socket.write("half");
    const answer = await client.answer();
    expect(answer).toContain("HTTP/1.1 408");
    expect(answer).toContain('"code":"upload_stalled"');
    expect(await stored()).toEqual([]);
    expect(await readdir(join(folder, ".tmp"))).toEqual([]);
  });

  test("may be slow as long as it is not silent", async () => {
    const { url, folder, stored, dial } = await startUploads({ idleSeconds: 20 });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const client = dial(await url("slow"), "Content-Length: 8\r\nConnection: close");
    const arrived = async () => {
      const [name] = await readdir(join(folder, ".tmp")).catch(() => []);
      return name ? (await stat(join(folder, ".tmp", name))).size : 0;
    };
    for (let sent = 1; sent < 8; sent++) {
      client.socket.write("x");
      await expect.poll(arrived, { interval: 5 }).toBe(sent);
      vi.advanceTimersByTime(15_000);
    }
    client.socket.write("x");
    expect(await client.answer()).toContain("HTTP/1.1 200");
    expect(await stored()).toEqual(["slow"]);
  });

  test.each([
    ["is gone", "Content-Length: 100", "destroy"],
    ["stops sending", "Content-Length: 100", "end"],
    ["is gone in between chunks", "Transfer-Encoding: chunked", "destroy"],
    ["stops sending in between chunks", "Transfer-Encoding: chunked", "end"],
  ] as const)("whose client %s halfway leaves nothing", async (_, headers, leave) => {
    const { url, folder, stored, announced, dial } = await startUploads();
    const client = dial(await url("half"), headers);
    client.socket.write("4\r\nhalf\r\n");
    const unfinished = () => readdir(join(folder, ".tmp")).catch(() => []);
    await expect.poll(unfinished).toHaveLength(1);
    client.socket[leave]();
    await expect.poll(unfinished).toEqual([]);
    expect(await stored()).toEqual([]);
    expect(announced).toEqual([]);
  });

  test("to a folder that may not be written to is refused for now", async () => {
    const { url, folder, stored } = await startUploads();
    await chmod(folder, 0o555);
    onTestFinished(() => chmod(folder, 0o755));
    if (process.getuid?.() === 0) {
      // Nothing is forbidden to root: be nobody for a moment.
      await chmod(join(folder, ".."), 0o755);
      process.seteuid?.(65534);
      onTestFinished(() => process.seteuid?.(0));
    }
    expectProblem(await put(await url("a"), "x"), 503, "storage_read_only");
    expect(await stored()).toEqual([]);
  });

  test("to a full disk is refused for now, and room is found for a shorter one", async () => {
    const folder = await temporaryFolder();
    const child = startChild("upload-server-child.ts", [folder], "ulimit -f 2000");
    const [url] = await once(child.lines, "line");
    expectProblem(await put(url, Buffer.alloc(10_000_000)), 507, "storage_full");
    expect(await readdir(join(folder, ".tmp"))).toEqual([]);
    expect(await put(url, Buffer.alloc(1_000_000))).toMatchObject({ status: 200 });
    expect(await readdir(folder)).toEqual([".tmp", "recording"]);
  });
});
