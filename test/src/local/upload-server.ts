import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import { serve } from "@hono/node-server";
import { onTestFinished } from "vitest";
import { silentLog } from "../../../local/log.ts";
import type { BlobFacts } from "../../../src/jobs/ports/index.ts";
import { uploadRoutes } from "../../../src/local/upload-routes.ts";
import { folderBucket, SECRET } from "./folder-bucket.ts";

/** The upload routes on a port of their own, over a store of their own, and all that was announced. */
export async function startUploads({ idleSeconds = 20 } = {}) {
  let base = "";
  const bucket = await folderBucket(() => base);
  const announced: BlobFacts[] = [];
  const hooks = { onStored: async (facts: BlobFacts) => void announced.push(facts) };
  const routes = uploadRoutes({
    blobs: bucket.blobs,
    clock: bucket.clock,
    secret: SECRET,
    idleSeconds,
    log: silentLog,
    onStored: (facts) => hooks.onStored(facts),
  });
  const server = serve({ fetch: routes.fetch, port: 0, hostname: "127.0.0.1" });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => {
    server.close();
    if ("closeAllConnections" in server) server.closeAllConnections();
  });
  base = `http://127.0.0.1:${port}`;

  const url = async (
    key: string,
    { maxBytes = 1000, contentType }: { maxBytes?: number; contentType?: string } = {},
  ) => {
    const expiresAt = new Date(bucket.clock.now() + 60_000).toISOString();
    const options = { expiresAt, maxBytes, ...(contentType !== undefined && { contentType }) };
    return (await bucket.blobs.createUploadUrl({ bucket: "service", key }, options)).url;
  };
  const stored = async () => {
    const all = await Array.fromAsync(bucket.blobs.list("service", ""));
    return all.map(({ key }) => key);
  };
  /** A client that says exactly what it is told to. */
  const dial = (to: string, headers: string) => {
    const { pathname, search } = new URL(to);
    return new RawClient(
      port,
      `PUT ${pathname}${search} HTTP/1.1\r\nHost: x\r\nIf-None-Match: *\r\n${headers}\r\n\r\n`,
    );
  };
  return { ...bucket, announced, hooks, base, url, stored, dial };
}

export class RawClient {
  readonly socket: Socket;
  #answer = "";
  readonly #closed: Promise<unknown>;

  constructor(port: number, head: string) {
    this.socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    this.socket.on("data", (data) => {
      this.#answer += data;
    });
    // A server that has closed refuses what is still being sent.
    this.socket.on("error", () => {});
    this.#closed = Promise.race([once(this.socket, "end"), once(this.socket, "close")]);
    this.socket.write(head);
    onTestFinished(() => void this.socket.destroy());
  }

  /** What came back until the server closed the connection. */
  async answer(): Promise<string> {
    await this.#closed;
    return this.#answer;
  }
}
