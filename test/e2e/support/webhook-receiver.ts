import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

export interface ReceivedEvent {
  headers: IncomingHttpHeaders;
  body: string;
  /** `webhook-id`. */
  id: string;
  event: { type: string; timestamp: string; data: Record<string, unknown> };
}

/** An app's endpoint on this machine: keeps what comes, answers what `answer` says of the n-th event, from 0. */
export async function receiveWebhooks(
  answer: (index: number) => number = () => 204,
): Promise<{ url: string; events: ReceivedEvent[] }> {
  const events: ReceivedEvent[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const id = String(request.headers["webhook-id"]);
    events.push({ headers: request.headers, body, id, event: JSON.parse(body) });
    response.writeHead(answer(events.length - 1)).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, events };
}
