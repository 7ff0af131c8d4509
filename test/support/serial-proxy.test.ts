import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { startSerialProxy } from "./serial-proxy.ts";

test("hands requests on one at a time, as they are", async () => {
  let open = 0;
  let most = 0;
  const { url } = await startBehindProxy(async (request, response) => {
    most = Math.max(most, ++open);
    const body = await text(request);
    await new Promise(setImmediate);
    open--;
    response.writeHead(201, { "x-path": request.url }).end(`${request.method} ${body}`);
  });
  const answers = await Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      const answer = await fetch(`${url}/t${index}`, { method: "POST", body: `b${index}` });
      return [answer.status, answer.headers.get("x-path"), await answer.text()];
    }),
  );
  expect(answers).toEqual(Array.from({ length: 8 }, (_, index) => [201, `/t${index}`, `POST b${index}`]));
  expect(most).toBe(1);
});

test("a caller that is killed in the middle of its request holds up nobody", async () => {
  const held = Promise.withResolvers<void>();
  const { url } = await startBehindProxy(async (request, response) => {
    await text(request);
    if (request.url === "/held") await held.promise;
    response.end("done");
  });
  const before = fetch(`${url}/held`);
  const caller = await send(url, "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf");
  await kill(caller);
  held.resolve();
  expect(await (await before).text()).toBe("done");
  expect(await (await fetch(url)).text()).toBe("done");
});

test("nor does one that is killed before its answer has come whole", async () => {
  const begun = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  const { url } = await startBehindProxy(async (request, response) => {
    if (request.url !== "/large") return void response.end("done");
    begun.resolve();
    await gone.promise;
    response.end(Buffer.alloc(4 << 20));
  });
  const caller = await send(url, "GET /large HTTP/1.1\r\nhost: a\r\n\r\n");
  await begun.promise;
  await kill(caller);
  gone.resolve();
  expect(await (await fetch(url)).text()).toBe("done");
});

async function send(url: string, bytes: string): Promise<Socket> {
  const caller = connect(Number(new URL(url).port), "127.0.0.1");
  await new Promise((sent) => caller.write(bytes, sent));
  return caller;
}

async function kill(caller: Socket): Promise<void> {
  caller.destroy();
  await once(caller, "close");
}

/** A server with the proxy before it, until the test ends. */
async function startBehindProxy(answer: RequestListener): Promise<{ url: string }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy = await startSerialProxy((server.address() as AddressInfo).port);
  onTestFinished(async () => {
    await proxy.close();
    server.closeAllConnections();
    server.close();
  });
  return proxy;
}
