import http, { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface HeldS3 {
  url: string;
  /** Let objects be read to their end: those whose reading was begun, and all that follow. */
  release(): void;
}

/** An S3 behind which stands another one, and whose objects end after this many bytes until they are released. */
export async function startHeldS3(endpoint: string, heldAfter: number): Promise<HeldS3> {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    const { method, url: path, headers } = request;
    const onward = http.request(endpoint, { method, path, headers }, async (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      let left = method === "GET" ? heldAfter : Number.POSITIVE_INFINITY;
      for await (const piece of answer as AsyncIterable<Buffer>) {
        response.write(piece.subarray(0, Math.max(0, left)));
        if (piece.length > left) {
          await released;
          response.write(piece.subarray(Math.max(0, left)));
        }
        left -= piece.length;
      }
      response.end();
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    release();
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, release };
}
