import http, { type Agent, createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

export interface HttpProxy {
  url: string;
  close(): Promise<void>;
}

/** A server on a free port whose `listener` hands requests on by `agent`, which is closed with it. */
export async function startProxy(agent: Agent, listener: RequestListener): Promise<HttpProxy> {
  const server = createServer(listener);
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

/** The request at a port of this machine; returns its answer, whose body is still to come. */
export function sendOn(
  { method, url, headers }: IncomingMessage,
  body: Buffer,
  { port, agent }: { port: number; agent: Agent },
): Promise<IncomingMessage> {
  const onward = http.request({ host: "127.0.0.1", port, agent, method, path: url, headers });
  return new Promise((resolve, reject) => {
    onward.on("response", resolve).on("error", reject).end(body);
  });
}
