import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { jsonLines, withoutUserSettings } from "./support/client-environment.ts";
import { aBatch, aTranscription, newId, SECRETS } from "./support/fake-api.ts";
import { FakeDeployment } from "./support/fake-deployment.ts";
import { RunningCommand } from "./support/running-command.ts";

const place = withoutUserSettings();
const [CURRENT, ROTATED] = SECRETS.map(({ secret }) => secret);
const OTHER = "whsec_bm90IHRoZSByaWdodCBzZWNyZXQgYXQgYWxsIQ==";

let fake: FakeDeployment;
beforeEach(async () => {
  fake = await FakeDeployment.start();
});

function anEvent(id = newId("tr")) {
  return {
    type: "transcription.completed",
    timestamp: "2026-02-03T04:05:06.000Z",
    data: { id, status: "completed", metadata: {} },
  };
}

/** Deliver as the service does; returns the status of the answer. */
async function deliver(
  url: string,
  event: object,
  { secret = CURRENT, at = new Date(), body = JSON.stringify(event) } = {},
): Promise<number> {
  const headers = {
    "content-type": "application/json",
    "webhook-id": "ev_1",
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign("ev_1", at, JSON.stringify(event)),
  };
  return (await fetch(url, { method: "POST", headers, body })).status;
}

async function listening(...args: string[]): Promise<{ command: RunningCommand; url: string }> {
  const command = new RunningCommand("webhooks", "listen", ...args);
  const [, url] = await command.says(/Listening at (\S+)\n/);
  return { command, url };
}

const connection = () => ["--url", fake.url, "--api-key", fake.key];

describe("scriptorium webhooks listen", () => {
  it("takes events that the deployment signed, now or before the last rotation, and ends after --count", async () => {
    const { command, url } = await listening("--count", "2", ...connection());
    const [first, second] = [anEvent(), anEvent()];
    expect(await deliver(url, first)).toBe(204);
    expect(await deliver(url, second, { secret: ROTATED })).toBe(204);
    expect(await command.exitCode()).toBe(0);
    expect(command.stdout).toBe(
      [first, second]
        .map(({ data }) => `2026-02-03T04:05:06.000Z  transcription.completed  ${data.id}\n`)
        .join(""),
    );
  });

  it("refuses what is not signed so, is altered, or is replayed later", async () => {
    const { command, url } = await listening("--secret", CURRENT, "--count", "1", "--json");
    const event = anEvent();
    expect(await deliver(url, event, { secret: OTHER })).toBe(400);
    expect(await deliver(url, event, { body: JSON.stringify(anEvent()) })).toBe(400);
    expect(await deliver(url, event, { at: new Date(Date.now() - 3_600_000) })).toBe(400);
    expect((await fetch(url, { method: "POST", body: JSON.stringify(event) })).status).toBe(400);
    expect((await fetch(url)).status).toBe(405);
    expect((await fetch(url, { method: "POST", body: "x".repeat(300_000) })).status).toBe(413);
    expect(await deliver(url, { not: "an event" })).toBe(400);
    expect(await deliver(url, event)).toBe(204);
    expect(await command.exitCode()).toBe(0);
    expect(jsonLines(command.stdout)).toEqual([{ webhook_id: "ev_1", ...event }]);
    for (const reason of [
      "No matching signature found",
      "Message timestamp too old",
      "Missing required headers",
      "it is not an event",
    ])
      expect(command.stderr).toContain(`Refused: ${reason}`);
  });

  it("--forward hands the event on with its signature, and answers what the application answers", async () => {
    const statuses = [503, 200];
    const application = createServer(async (request, response) => {
      const body = Buffer.concat(await Array.fromAsync(request)).toString();
      new Webhook(CURRENT).verify(body, request.headers as Record<string, string>);
      response.writeHead(statuses.shift() ?? 500).end();
    }).listen(0, "127.0.0.1");
    await once(application, "listening");
    onTestFinished(() => void application.close());
    const { port } = application.address() as AddressInfo;
    const forward = ["--forward", `http://127.0.0.1:${port}/hooks`];
    const { command, url } = await listening("--secret", CURRENT, "--count", "3", ...forward);
    expect(await deliver(url, anEvent())).toBe(503);
    expect(await deliver(url, anEvent())).toBe(200);
    application.close();
    application.closeAllConnections();
    expect(await deliver(url, anEvent())).toBe(502);
    expect(await command.exitCode()).toBe(0);
    expect(command.stdout).toMatch(/→ 503\n.*→ 200\n.*→ no answer \(ECONNREFUSED\)\n$/s);
  });

  it("knows the secret of the local service before that runs", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.close();
    await once(server, "close");
    const note = { url, key: "sk_local", webhook_secret: OTHER };
    await writeFile(join(place.dataFolder, "local.json"), JSON.stringify(note));
    const listener = await listening("--count", "1");
    expect(await deliver(listener.url, anEvent(), { secret: OTHER })).toBe(204);
    expect(await listener.command.exitCode()).toBe(0);
  });

  it("ends on Ctrl-C with 130", async () => {
    const { command } = await listening("--secret", CURRENT);
    command.interrupt();
    expect(await command.exitCode()).toBe(130);
  });

  it("names a port that is taken", async () => {
    const { port } = new URL(fake.url);
    const { code, stderr } = await fake.run("webhooks", "listen", "--port", port, "--secret", CURRENT);
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port} cannot be listened on (EADDRINUSE)`);
  });

  it.each([
    [["--secret", "sk_not_one"], "--secret is whsec_"],
    [["--secret", "whsec_"], "--secret is whsec_"],
    [["--port", "70000"], "0 to 65535"],
    [["--count", "0"], "at least 1"],
    [["--forward", "example.com"], "--forward must be a URL"],
  ])("%j exits with 2", async (args, expected) => {
    const { code, stderr } = await fake.run("webhooks", "listen", ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(expected);
  });
});

describe("the other verbs of scriptorium webhooks", () => {
  it("secrets and rotate show what signs", async () => {
    for (const verb of ["secrets", "rotate"]) {
      const { code, stdout } = await fake.run("webhooks", verb);
      expect(code).toBe(0);
      expect(stdout.split("\n").map((line) => line.split(/ {2,}/)[0])).toEqual([
        "SECRET",
        CURRENT,
        ROTATED,
        "",
      ]);
      expect(jsonLines((await fake.run("webhooks", verb, "--json")).stdout)).toEqual(SECRETS);
    }
  });

  it("rotate is not done again where its answer was lost", async () => {
    fake.next("POST", /rotate/, { cut: true });
    const { code, stderr } = await fake.run("webhooks", "rotate");
    expect(code).toBe(1);
    expect(stderr).toContain("not_reachable");
    expect(fake.requests("POST", /rotate/)).toHaveLength(1);
  });

  it("redeliver knows transcriptions from batches by their ids", async () => {
    const [transcription, batch] = [aTranscription(), aBatch()];
    fake.transcriptions.set(transcription.id, transcription);
    fake.batches.set(batch.id, batch);
    for (const { id } of [transcription, batch])
      expect(await fake.run("webhooks", "redeliver", id)).toMatchObject({
        code: 0,
        stdout: `${id}\tpending\n`,
      });
    expect(fake.seen.map(({ path }) => path)).toEqual([
      `/v1/transcriptions/${transcription.id}/webhook/redeliver`,
      `/v1/batches/${batch.id}/webhook/redeliver`,
    ]);
  });
});
