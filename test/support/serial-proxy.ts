import { Agent, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { type HttpProxy, sendOn, startProxy } from "./proxy.ts";

/**
 * Hands requests on to a port of this machine, one at a time. Both bodies are taken whole, so that a caller that is
 * killed meanwhile holds up no other.
 */
export async function startSerialProxy(port: number): Promise<HttpProxy> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let last: Promise<void> = Promise.resolve();
  return startProxy(agent, async (request, response) => {
    const body = await buffer(request).catch(() => null);
    if (body) last = last.then(() => hand(request, body, response, { port, agent }));
  });
}

async function hand(
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  target: { port: number; agent: Agent },
): Promise<void> {
  try {
    const answer = await sendOn(request, body, target);
    const answered = await buffer(answer);
    response.writeHead(answer.statusCode ?? 502, answer.headers).end(answered);
  } catch {
    response.destroy();
  }
}
