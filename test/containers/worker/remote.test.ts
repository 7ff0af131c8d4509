import type { IncomingMessage, ServerResponse } from "node:http";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterEach, describe, expect, test, vi } from "vitest";
import { makeReadRemote, type ReadRemoteOptions } from "../../../containers/worker/remote/read-remote.ts";
import { CERTIFICATE, serve, serveTcp } from "../../functions/deliver-webhook/servers.ts";
import { HOSTILE_ADDRESSES } from "../../src/jobs/webhooks/hostile-urls.ts";

const SIZE = 1_000_000;
const CONTENT = Uint8Array.from({ length: SIZE }, (_, index) => (index * 31) % 251);
const ETAG = '"one"';
const pause = async () => {};
const local = { maxBytes: 10_000_000, allowLocal: true, signal: new AbortController().signal };

async function read(
  url: string,
  options: ReadRemoteOptions = {},
  { headers = {}, ...more }: Partial<typeof local> & { headers?: Record<string, string> } = {},
): Promise<Buffer> {
  const readRemote = makeReadRemote({ pause, idleSeconds: 600, ...options });
  return Buffer.concat(await Array.fromAsync(readRemote({ url, headers }, { ...local, ...more })));
}

/** Answers Range as a file server does, and cuts the connection after each `cut` bytes. */
function fileServer({ cut = Number.POSITIVE_INFINITY, ranges = true, etag = ETAG as string | null } = {}) {
  return (request: IncomingMessage, response: ServerResponse) => {
    const wanted = ranges ? /^bytes=(\d+)-$/.exec(request.headers.range ?? "") : null;
    const from = Number(wanted?.[1] ?? 0);
    const length = SIZE - from;
    response.writeHead(wanted ? 206 : 200, {
      "content-length": length,
      ...(etag !== null && { etag }),
      ...(wanted && { "content-range": `bytes ${from}-${SIZE - 1}/${SIZE}` }),
    });
    if (length <= cut) return void response.end(CONTENT.subarray(from));
    response.write(CONTENT.subarray(from, from + cut), () => response.destroy());
  };
}

test("a recording is read whole, with the caller's headers", async () => {
  const { url, received } = await serve(fileServer());
  const bytes = await read(`${url}?signature=s`, {}, { headers: { authorization: "Bearer secret" } });
  expect(bytes.equals(CONTENT)).toBe(true);
  expect(received[0].request).toMatchObject({
    method: "GET",
    url: "/hook?signature=s",
    headers: { authorization: "Bearer secret", "accept-encoding": "identity" },
  });
});

describe("a connection that breaks", () => {
  test("is opened again where it was left, at the same content", async () => {
    const { url, received } = await serve(fileServer({ cut: 300_000 }));
    expect((await read(url)).equals(CONTENT)).toBe(true);
    const asked = received.map(({ request }) => [request.headers.range, request.headers["if-range"]]);
    expect(asked.length).toBeGreaterThan(3);
    expect(asked[0]).toEqual([undefined, undefined]);
    for (const [range, same] of asked.slice(1)) {
      expect(range).toMatch(/^bytes=\d+-$/);
      expect(same).toBe(ETAG);
    }
  });

  test("of a server without ranges is read again, and what is known passed over", async () => {
    let calls = 0;
    const { url } = await serve((request, response) =>
      fileServer({ ranges: false, cut: calls++ < 2 ? 400_000 : SIZE })(request, response),
    );
    expect((await read(url)).equals(CONTENT)).toBe(true);
    expect(calls).toBe(3);
  });

  test("is an error where the content is another one by then, and may be tried again", async () => {
    let calls = 0;
    const { url } = await serve((request, response) =>
      fileServer({ cut: 300_000, etag: `"${calls++}"` })(request, response),
    );
    await expect(read(url)).rejects.toMatchObject({
      code: "source_unreachable",
      lasting: false,
      message: expect.stringContaining("changed"),
    });
  });

  test("is given up after four times without a byte, with longer and longer pauses", async () => {
    const { url, connections } = await serve((_, response) => response.destroy());
    const pauses: number[] = [];
    const reading = read(url, { pause: async (ms) => pauses.push(ms) });
    await expect(reading).rejects.toMatchObject({ code: "source_unreachable", lasting: false });
    expect(pauses).toEqual([1000, 2000, 4000, 8000]);
    expect(connections()).toBe(5);
  });
});

describe("a redirect", () => {
  test("is followed, and the caller's headers stay with the origin that they were meant for", async () => {
    const store = await serve(fileServer());
    const { url, received } = await serve((request, response) =>
      response
        .writeHead(302, { location: request.url === "/hook" ? "/there" : `${store.url}?signed=1` })
        .end(),
    );
    const bytes = await read(url, {}, { headers: { authorization: "Bearer secret" } });
    expect(bytes.equals(CONTENT)).toBe(true);
    expect(received.map(({ request }) => request.headers.authorization)).toEqual([
      "Bearer secret",
      "Bearer secret",
    ]);
    expect(store.received[0].request.headers.authorization).toBeUndefined();
  });

  test.each([
    "http://10.0.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[fd00:ec2::254]/",
    "file:///etc/passwd",
    "http://example.com/",
  ])("to %s is refused", async (location) => {
    const { url } = await serve((_, response) => response.writeHead(307, { location }).end());
    await expect(read(url)).rejects.toMatchObject({ code: "address_refused", lasting: true });
  });

  test("to a name that leads to a private address is refused", async () => {
    const { url } = await serve((_, response) =>
      response.writeHead(302, { location: "https://inside.example.com/" }).end(),
    );
    const resolve = async (host: string) => [host === "localhost" ? "127.0.0.1" : "192.168.0.1"];
    await expect(read(url.replace("127.0.0.1", "localhost"), { resolve })).rejects.toMatchObject({
      code: "address_refused",
      message: "inside.example.com leads to an address that is not public.",
    });
  });

  test("that never ends is given up", async () => {
    const { url, received } = await serve((_, response) =>
      response.writeHead(302, { location: "/on" }).end(),
    );
    await expect(read(url)).rejects.toMatchObject({ code: "source_unreachable", lasting: true });
    expect(received).toHaveLength(6);
  });
});

describe("an address", () => {
  test.each([...HOSTILE_ADDRESSES, "127.0.0.1", "::1"])(
    "%s behind a name is never called",
    async (address) => {
      const resolve = async () => ["93.184.216.34", address];
      const reading = read("https://files.example.com/a.wav", { resolve }, { allowLocal: false });
      await expect(reading).rejects.toMatchObject({ code: "address_refused", lasting: true });
    },
  );

  test("of this machine is not called unless that is allowed", async () => {
    const { url, connections } = await serve(fileServer());
    await expect(read(url, {}, { allowLocal: false })).rejects.toMatchObject({ code: "address_refused" });
    expect(connections()).toBe(0);
  });

  test("is the one that was checked, whatever the name leads to by the next look", async () => {
    const { port } = await serve(fileServer());
    const resolve = vi.fn(async () => (resolve.mock.calls.length === 1 ? ["127.0.0.1"] : ["10.0.0.1"]));
    expect((await read(`http://localhost:${port}/a.wav`, { resolve })).length).toBe(SIZE);
    expect(resolve).toHaveBeenCalledTimes(1);
  });
});

describe("over HTTPS", () => {
  const trusted = getCACertificates("default");
  afterEach(() => setDefaultCACertificates(trusted));

  test("the certificate must be one that somebody vouches for", async () => {
    const { port } = await serve(fileServer(), { secure: true });
    const url = `https://localhost:${port}/a.wav`;
    const resolve = async () => ["127.0.0.1"];
    await expect(read(url, { resolve })).rejects.toThrow(/self-signed/);
    setDefaultCACertificates([...trusted, CERTIFICATE]);
    // Vouched for, but another's.
    await expect(read(url, { resolve })).rejects.toThrow(/altnames/);
  });
});

describe("a source", () => {
  test("that says it is too large is not read at all", async () => {
    const { url } = await serve((_, response) =>
      response.writeHead(200, { "content-length": 1e12 }).flushHeaders(),
    );
    await expect(read(url)).rejects.toMatchObject({ code: "too_large", lasting: true });
  });

  test("that never ends is left at the limit", async () => {
    const { url, sockets } = await serve((_, response) => {
      const more = (): void => void response.write(CONTENT, () => response.destroyed || more());
      more();
    });
    await expect(read(url, {}, { maxBytes: 3_000_000 })).rejects.toMatchObject({ code: "too_large" });
    await expect.poll(() => sockets.size).toBe(0);
  });

  test("that stands still is taken up again, and given up in the end", async () => {
    const { url, received } = await serve((_, response) => void response.writeHead(200).write("R"));
    const reading = read(url, { idleSeconds: 0.1 });
    await expect(reading).rejects.toMatchObject({ code: "source_unreachable", lasting: false });
    expect(received.length).toBeGreaterThan(1);
  });

  test("that never answers is given up", async () => {
    const { url, sockets } = await serveTcp((socket) => void socket.resume());
    await expect(read(url, { idleSeconds: 0.1 })).rejects.toThrow("did not answer within 0.1 s");
    await expect.poll(() => sockets.size).toBe(0);
  });

  test("that trickles is given up when its time is over", async () => {
    const { url } = await serve((_, response) => {
      const timer = setInterval(() => response.write("R"), 20);
      response.on("close", () => clearInterval(timer));
    });
    const reading = read(url, { totalSeconds: 0.5 });
    await expect(reading).rejects.toMatchObject({ code: "source_unreachable", lasting: true });
    await expect(reading).rejects.toThrow("within 0.5 s");
  });

  test.each([
    [404, "not_found", true],
    [410, "not_found", true],
    [401, "access_denied", true],
    [403, "access_denied", true],
    [400, "source_unreachable", true],
    [204, "source_unreachable", true],
    [304, "source_unreachable", true],
    [429, "source_unreachable", false],
    [500, "source_unreachable", false],
    [503, "source_unreachable", false],
  ])("that answers %i is %s, for good: %s", async (status, code, lasting) => {
    const { url, received } = await serve((_, response) => response.writeHead(status).end());
    await expect(read(`${url}?token=secret`)).rejects.toMatchObject({
      code,
      lasting,
      message: expect.not.stringContaining("secret"),
    });
    expect(received).toHaveLength(lasting ? 1 : 5);
  });

  test("whose name is unknown may be known later", async () => {
    const resolve = async () => Promise.reject(new Error("getaddrinfo ENOTFOUND files.example.com"));
    await expect(read("https://files.example.com/", { resolve })).rejects.toMatchObject({
      code: "source_unreachable",
      lasting: false,
    });
  });

  test("is left at once when the signal says so", async () => {
    const { url, sockets } = await serve((_, response) => void response.writeHead(200).write("R"));
    const stop = new AbortController();
    const readRemote = makeReadRemote({ pause });
    const reason = new Error("enough");
    await expect(
      (async () => {
        for await (const _ of readRemote({ url, headers: {} }, { ...local, signal: stop.signal }))
          stop.abort(reason);
      })(),
    ).rejects.toBe(reason);
    await expect.poll(() => sockets.size).toBe(0);
  });
});
