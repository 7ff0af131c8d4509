import { once } from "node:events";
import { truncate, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { putFile } from "../../../cli/client/upload.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
}

async function aFile(bytes: number): Promise<string> {
  const path = join(await temporaryFolder(), "a.wav");
  await writeFile(path, Buffer.alloc(bytes, 7));
  return path;
}

const put = (path: string, url: string, rest: Partial<Parameters<typeof putFile>[2]> = {}) =>
  putFile(
    path,
    { url, method: "PUT", headers: {} },
    {
      signal: new AbortController().signal,
      onProgress: () => {},
      ...rest,
    },
  );

const SIZE = 20_000_000;

describe("putting a file", () => {
  it("counts the bytes that it sends, up to all of them", async () => {
    const url = await serving((request, response) => request.resume().on("end", () => response.end()));
    const told: number[] = [];
    await put(await aFile(1_000_000), url, { onProgress: (sent, size) => told.push(sent / size) });
    expect(told[0]).toBe(0);
    expect(told.at(-1)).toBe(1);
    expect(told.length).toBeGreaterThan(5);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  });

  it("ends at once where the server answers before it has read it all", async () => {
    let read = 0;
    const url = await serving((request, response) => {
      request.once("data", (chunk: Buffer) => {
        read += chunk.length;
        request.pause();
        response.writeHead(413).end('{"code":"too_large","detail":"Too large."}');
      });
    });
    let most = 0;
    const onProgress = (sent: number) => (most = sent);
    await expect(put(await aFile(SIZE), url, { onProgress })).rejects.toMatchObject({
      code: "too_large",
      status: 413,
    });
    expect(read).toBeGreaterThan(0);
    expect(most).toBeLessThan(SIZE);
  });

  it("stops when it is told to", async () => {
    const url = await serving(() => {});
    const stop = new AbortController();
    const onProgress = (sent: number) => sent > 0 && stop.abort(new Error("Interrupted."));
    await expect(put(await aFile(SIZE), url, { signal: stop.signal, onProgress })).rejects.toThrow(
      "Interrupted.",
    );
  });

  it("tells of a file that becomes shorter meanwhile, rather than wait for its rest", async () => {
    const path = await aFile(SIZE);
    const url = await serving((request) => {
      request.once("data", async () => {
        request.pause();
        await truncate(path, 100);
        request.resume();
      });
    });
    await expect(put(path, url)).rejects.toMatchObject({ code: "file_changed" });
  });

  it("tells of a connection that breaks", async () => {
    const url = await serving((request) => request.once("data", () => request.socket.destroy()));
    await expect(put(await aFile(SIZE), url)).rejects.toMatchObject({ code: "not_reachable", absent: false });
  });
});
