import { once } from "node:events";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { openDataFolder } from "../../local/data-folder.ts";
import { HttpFrontDoor } from "../../local/http-front-door.ts";
import { silentLog } from "../../local/log.ts";
import { openServices } from "../../local/open-services.ts";
import { loadPack } from "../../src/asr/pack/load-pack.ts";
import { DEFAULT_LIMITS } from "../../src/jobs/limits.ts";
import { systemClock } from "../../src/local/system-clock.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const MODEL = "models/u2pp-moe-en-41m";

async function open(headersSeconds: number): Promise<URL> {
  const dataFolder = await temporaryFolder();
  const { upload_secret: uploadSecret } = await openDataFolder(dataFolder);
  const opened = openServices({
    dataFolder,
    limits: DEFAULT_LIMITS,
    clock: systemClock,
    log: silentLog,
    model: (await loadPack(MODEL)).manifest,
    uploadSecret: Buffer.from(uploadSecret, "base64"),
    baseUrl: () => "",
    startListing: async () => {},
  });
  const door = await HttpFrontDoor.open(opened, { port: 0, uploadSecret, headersSeconds });
  onTestFinished(async () => {
    await door.close();
    opened.db.close();
  });
  return new URL(door.url);
}

test.each([
  ["that sends nothing", ""],
  ["whose headers never end", "GET /healthz HTTP/1.1\r\nHost: x\r\n"],
  ["whose upload's headers never end", "PUT /uploads/x HTTP/1.1\r\nHost: x\r\nContent-Type: audio/wav\r\n"],
])("a connection %s is closed", async (_, head) => {
  const { hostname, port } = await open(0.2);
  const socket = connect({ host: hostname, port: Number(port) });
  // Closed before all was sent, it tells of that as well.
  socket.on("error", () => {});
  const closed = new Promise((resolve) => socket.on("close", resolve));
  socket.resume();
  socket.write(head);
  await closed;
});

test("an answer is there while another connection says nothing", async () => {
  const url = await open(20);
  const idle = connect({ host: url.hostname, port: Number(url.port) });
  onTestFinished(() => void idle.destroy());
  await once(idle, "connect");
  expect((await fetch(new URL("/healthz", url))).status).toBe(200);
});

test.each(["/uploads/x", "/downloads/x", "/metrics", "/healthz", "/nowhere", "/"])(
  "an answer of %s has a request id",
  async (path) => {
    const url = await open(20);
    for (const method of ["GET", "PUT"]) {
      const answer = await fetch(new URL(path, url), { method, headers: { "x-request-id": "mine" } });
      expect([path, answer.headers.get("x-request-id")]).toEqual([path, "mine"]);
      const other = await fetch(new URL(path, url), { method });
      expect(other.headers.get("x-request-id")).toMatch(/^req_/);
    }
  },
);

test("the figures have a HEAD, and no other methods", async () => {
  const url = new URL("/metrics", await open(20));
  const head = await fetch(url, { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
  expect(head.headers.get("content-type")).toContain("text/plain");
  const posted = await fetch(url, { method: "POST" });
  expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
});
