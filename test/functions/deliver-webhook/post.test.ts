import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from "node:tls";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { makeHttpPost, sendTo } from "../../../functions/deliver-webhook/post.ts";
import { CERTIFICATE, serve, serveTcp } from "./servers.ts";

const REQUEST = {
  owner: "acme",
  headers: { "webhook-id": "ev_1" },
  body: '{"type":"é"}',
  allowLocal: true,
};
const never = new AbortController().signal;
const post = makeHttpPost({ timeoutSeconds: 10 });
const hasty = makeHttpPost({ timeoutSeconds: 0.2 });
const TOO_LATE = "The endpoint did not answer within 0.2 s.";

describe("a request", () => {
  it("arrives whole, with its headers, on a connection of its own", async () => {
    const { url, received, sockets } = await serve((_, response) => response.writeHead(202).end("thanks"));
    expect(await post({ ...REQUEST, url: `${url}?token=1` })).toEqual({ status: 202, retryAfter: null });
    const [{ request, body }] = received;
    expect(body).toBe(REQUEST.body);
    expect(request).toMatchObject({
      method: "POST",
      url: "/hook?token=1",
      headers: {
        host: new URL(url).host,
        "webhook-id": "ev_1",
        "content-type": "application/json",
        "content-length": "13",
        "user-agent": expect.stringMatching(/^Scriptorium\//),
        connection: "close",
      },
    });
    await expect.poll(() => sockets.size).toBe(0);
  });

  it("brings back the status and Retry-After", async () => {
    const { url } = await serve((_, response) => response.writeHead(503, { "retry-after": "120" }).end());
    expect(await post({ ...REQUEST, url })).toEqual({ status: 503, retryAfter: "120" });
  });

  it.each([301, 302, 303, 307, 308])("does not follow a redirect %s to a private place", async (status) => {
    const inside = await serve((_, response) => response.end("secret"));
    const { url } = await serve((_, response) => response.writeHead(status, { location: inside.url }).end());
    expect((await post({ ...REQUEST, url })).status).toBe(status);
    expect(inside.received).toEqual([]);
  });
});

describe("the connection goes to the address that was checked", () => {
  it("though the name leads elsewhere by the second look", async () => {
    const { port, received } = await serve((_, response) => response.end());
    const resolve = vi.fn(async () => (resolve.mock.calls.length === 1 ? ["127.0.0.1"] : ["10.0.0.1"]));
    const answer = await makeHttpPost({ resolve })({ ...REQUEST, url: `http://localhost:${port}/` });
    expect(answer.status).toBe(200);
    expect(resolve).toHaveBeenCalledTimes(1);
    expect(received[0].request.headers.host).toBe(`localhost:${port}`);
  });

  it("and none is made where any address is private", async () => {
    const { port, connections } = await serve((_, response) => response.end());
    const resolve = async () => ["127.0.0.1", "169.254.169.254"];
    const sending = makeHttpPost({ resolve })({ ...REQUEST, url: `http://localhost:${port}/` });
    await expect(sending).rejects.toMatchObject({ code: "webhook_address_refused" });
    expect(connections()).toBe(0);
  });

  it("or to the next one where the first does not take it", async () => {
    const { port, received } = await serve((_, response) => response.end());
    const url = new URL(`http://hooks.example.com:${port}/`);
    expect((await sendTo({ url, addresses: ["::1", "127.0.0.1"] }, REQUEST, never)).status).toBe(200);
    expect(received[0].request.headers.host).toBe(`hooks.example.com:${port}`);
  });

  it("and says why where none does", async () => {
    const url = new URL("http://hooks.example.com:1/");
    const sending = sendTo({ url, addresses: ["::1", "127.0.0.1"] }, REQUEST, never);
    await expect(sending).rejects.toThrow(/::1.*ECONNREFUSED 127\.0\.0\.1:1/);
  });
});

describe("over HTTPS", () => {
  const trusted = getCACertificates("default");
  afterEach(() => setDefaultCACertificates(trusted));
  const addresses = ["127.0.0.1"];

  it("the certificate must be the name's, asked for by that name", async () => {
    setDefaultCACertificates([...trusted, CERTIFICATE]);
    const { port, received } = await serve((_, response) => response.end(), { secure: true });
    const url = new URL(`https://hooks.example.com:${port}/`);
    expect((await sendTo({ url, addresses }, REQUEST, never)).status).toBe(200);
    expect(received[0].request.headers.host).toBe(`hooks.example.com:${port}`);
    expect((received[0].request.socket as TLSSocket).servername).toBe("hooks.example.com");

    const other = new URL(`https://other.example.com:${port}/`);
    await expect(sendTo({ url: other, addresses }, REQUEST, never)).rejects.toThrow(/altnames/);
    expect(received).toHaveLength(1);
  });

  it("a certificate that nobody vouches for is refused", async () => {
    const { port, received } = await serve((_, response) => response.end(), { secure: true });
    const url = new URL(`https://hooks.example.com:${port}/`);
    await expect(sendTo({ url, addresses }, REQUEST, never)).rejects.toThrow(/self-signed/);
    expect(received).toEqual([]);
  });
});

describe("an endpoint that takes its time", () => {
  it("before its name is known is given up", async () => {
    const stuck = makeHttpPost({ resolve: () => new Promise(() => undefined), timeoutSeconds: 0.2 });
    await expect(stuck({ ...REQUEST, url: "https://hooks.example.com/" })).rejects.toThrow(TOO_LATE);
  });

  it("before it speaks TLS is given up, and the connection closed", async () => {
    const { port, sockets } = await serveTcp((socket) => void socket.resume());
    await expect(hasty({ ...REQUEST, url: `https://127.0.0.1:${port}/` })).rejects.toThrow(TOO_LATE);
    await expect.poll(() => sockets.size).toBe(0);
  });

  it.each([
    ["before its answer", ""],
    ["within its headers", "HTTP/1.1 200 OK\r\nX-Long: aaa"],
    ["over provisional answers", "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"],
  ])("%s is given up, and the connection closed", async (_, bytes) => {
    const { url, sockets } = await serveTcp((socket) => void socket.on("data", () => socket.write(bytes)));
    await expect(hasty({ ...REQUEST, url })).rejects.toThrow(TOO_LATE);
    await expect.poll(() => sockets.size).toBe(0);
  });

  it("over its body has answered all the same", async () => {
    const { url, sockets } = await serve((_, response) => response.writeHead(201).write("slow"));
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const sending = post({ ...REQUEST, url });
    await headersAreHere();
    vi.advanceTimersByTime(10_000);
    expect((await sending).status).toBe(201);
    await expect.poll(() => sockets.size).toBe(0);
  });

  it("over a body without end is cut off after a few kilobytes, not by the clock", async () => {
    let written = 0;
    const { url, sockets } = await serve((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(65_536))) written += 65_536;
      };
      response.writeHead(200);
      response.on("drain", more);
      more();
    });
    expect((await post({ ...REQUEST, url })).status).toBe(200);
    await expect.poll(() => sockets.size).toBe(0);
    // What the kernel buffers between the two, and no more.
    expect(written).toBeLessThan(50e6);
  });
});

describe("an endpoint that makes no sense", () => {
  it.each([
    ["closes without a word", "", /closed|hang up/],
    ["speaks no HTTP", "220 smtp.example.com ESMTP\r\n", /Parse Error/],
    ["sends headers without end", `HTTP/1.1 200 OK\r\nX: ${"a".repeat(100_000)}`, /Header overflow/],
    [
      "switches protocols",
      "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
      /closed|hang up/,
    ],
  ])("and %s is an error", async (_, bytes, message) => {
    const { url, sockets } = await serveTcp((socket) => {
      socket.once("data", () => socket.end(bytes));
    });
    const failure = await post({ ...REQUEST, url }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect((failure as Error).message).toMatch(message);
    await expect.poll(() => sockets.size).toBe(0);
  });

  it("and breaks off within its body has answered", async () => {
    const { url } = await serveTcp((socket) => {
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"));
    });
    expect((await post({ ...REQUEST, url })).status).toBe(200);
  });
});

/** Until a client of this process has the headers of its answer. */
function headersAreHere(): Promise<void> {
  return new Promise((resolve) => {
    const here = () => {
      unsubscribe("http.client.response.finish", here);
      resolve();
    };
    subscribe("http.client.response.finish", here);
  });
}
