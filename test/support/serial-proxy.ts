import http, { Agent, createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface SerialProxy {
  url: string;
  close(): Promise<void>;
}

/** Hands requests on to a port of this machine, one at a time in the order of their arrival. */
export async function startSerialProxy(port: number): Promise<SerialProxy> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let last: Promise<unknown> = Promise.resolve();
  const server = createServer((request, response) => {
    last = last.then(() => hand(request, response, { port, agent })).catch(() => response.destroy());
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

function hand(
  request: IncomingMessage,
  response: ServerResponse,
  { port, agent }: { port: number; agent: Agent },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const { method, url, headers } = request;
    const onward = http.request({ host: "127.0.0.1", port, agent, method, path: url, headers });
    onward.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on("end", resolve);
      answer.on("error", reject);
    });
    onward.on("error", reject);
    // A caller that is gone must not hold up the others.
    request.on("error", (error) => onward.destroy(error));
    request.pipe(onward);
  });
}
