import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from "node:net";
import { onTestFinished } from "vitest";

const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8");

/** Good for hooks.example.com only, signed by itself. */
export const CERTIFICATE = fixture("hooks.example.com.cert.pem");
const KEY = fixture("hooks.example.com.key.pem");

export interface Received {
  request: IncomingMessage;
  body: string;
}

interface Listening {
  port: number;
  /** Open ones. */
  sockets: Set<Socket>;
  /** All there ever were. */
  connections: () => number;
}

/** A server on port 0 of 127.0.0.1 that keeps what it receives. */
export async function serve(answer: RequestListener, { secure = false } = {}) {
  const received: Received[] = [];
  const listener: RequestListener = async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    received.push({ request, body });
    answer(request, response);
  };
  const server = secure
    ? createSecureServer({ key: KEY, cert: CERTIFICATE }, listener)
    : createServer(listener);
  const { port, sockets, connections } = await listen(server);
  return { port, received, sockets, connections, url: `http://127.0.0.1:${port}/hook` };
}

/** The same on bare TCP. */
export async function serveTcp(onConnection: (socket: Socket) => void) {
  const { port, sockets } = await listen(createTcpServer(onConnection));
  return { port, sockets, url: `http://127.0.0.1:${port}/hook` };
}

async function listen(server: Server | TcpServer): Promise<Listening> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  const { port } = server.address() as AddressInfo;
  return { port, sockets, connections: () => connections };
}
