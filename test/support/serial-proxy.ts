import http, { Agent, createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export interface SerialProxy {
  url: string;
  close(): Promise<void>;
}

/**
 * Hands requests on to a port of this machine, one at a time. Both bodies are taken whole, so that a caller that is
 * killed meanwhile holds up no other.
 */
export async function startSerialProxy(port: number): Promise<SerialProxy> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let last: Promise<void> = Promise.resolve();
  const server = createServer(async (request, response) => {
    const body = await buffer(request).catch(() => null);
    if (body) last = last.then(() => hand(request, body, response, { port, agent }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function hand(
  { method, url, headers }: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  { port, agent }: { port: number; agent: Agent },
): Promise<void> {
  try {
    const onward = http.request({ host: "127.0.0.1", port, agent, method, path: url, headers });
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      onward.on("response", resolve).on("error", reject).end(body);
    });
    const answered = await buffer(answer);
    response.writeHead(answer.statusCode ?? 502, answer.headers).end(answered);
  } catch {
    response.destroy();
  }
}
