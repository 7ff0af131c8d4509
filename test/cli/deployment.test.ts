import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { runCommand } from "./run-command.ts";
import { withoutUserSettings } from "./support/client-environment.ts";
import { FakeDeployment } from "./support/fake-deployment.ts";

const place = withoutUserSettings();

let fake: FakeDeployment;
beforeEach(async () => {
  fake = await FakeDeployment.start();
});

const note = (content: object | string) =>
  writeFile(
    join(place.dataFolder, "local.json"),
    typeof content === "string" ? content : JSON.stringify(content),
  );

/** A port that nobody listens on. */
async function deadUrl(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}

describe("which service a command speaks to", () => {
  it("is the one that runs here, found by its data folder", async () => {
    await note({ url: fake.url, key: fake.key, webhook_secret: null, upload_secret: "x" });
    expect(await runCommand("models")).toMatchObject({ code: 0, stdout: expect.stringContaining("u2pp") });
  });

  it("is the environment's, before that", async () => {
    await note({ url: await deadUrl(), key: "sk_other", webhook_secret: null });
    vi.stubEnv("SCRIPTORIUM_URL", fake.url);
    vi.stubEnv("SCRIPTORIUM_API_KEY", fake.key);
    expect((await runCommand("models")).code).toBe(0);
  });

  it("is the command line's, before both; paths are added to the URL", async () => {
    vi.stubEnv("SCRIPTORIUM_URL", await deadUrl());
    vi.stubEnv("SCRIPTORIUM_API_KEY", "sk_other");
    await runCommand("models", "--url", `${fake.url}/stage?x=1`, "--api-key", fake.key);
    expect(fake.seen.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ["/stage/v1/models", `Bearer ${fake.key}`],
    ]);
  });

  it("gets the local key under another name of this machine, and no other service does", async () => {
    await note({ url: fake.url, key: fake.key, webhook_secret: null });
    const { port } = new URL(fake.url);
    expect((await runCommand("models", "--url", `http://localhost:${port}`)).code).not.toBe(2);
    const { code, stderr } = await runCommand("models", "--url", "https://example.invalid");
    expect(code).toBe(2);
    expect(stderr).toContain("no API key for https://example.invalid: give it with --api-key");
  });
});

describe("a service that cannot be used", () => {
  it("without a key is a wrong command line, with the remedy", async () => {
    const { code, stderr } = await runCommand("status");
    expect(code).toBe(2);
    expect(stderr).toContain("no API key for http://127.0.0.1:8787");
    expect(stderr).toContain("npm start");
    expect(stderr).toContain(place.dataFolder);
  });

  it("that nobody runs is named, with the remedy", async () => {
    const url = await deadUrl();
    const { code, stdout, stderr } = await runCommand("status", "--url", url, "--api-key", "sk_x");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(`The service at ${url} cannot be reached (ECONNREFUSED).`);
    expect(stderr).toContain("Is the service running? Start it with: npm start");
  });

  it("that refuses the key says so", async () => {
    const { code, stderr } = await runCommand("status", "--url", fake.url, "--api-key", "sk_wrong");
    expect(code).toBe(1);
    expect(stderr).toContain(
      "unauthorized: There is no such API key. Check --api-key or SCRIPTORIUM_API_KEY",
    );
  });

  it.each([
    [{ status: 200, body: "<html>Welcome</html>" }, "does not answer like a Scriptorium"],
    [{ status: 404, body: "<html>Not here</html>" }, "http_404"],
    [{ status: 308, headers: { location: "https://example.com/" }, body: "" }, "on to https://example.com/"],
  ])("that is another one is told from its answers: %#", async (answer, expected) => {
    fake.next("GET", /models/, answer);
    const { code, stderr } = await fake.run("models");
    expect(code).toBe(1);
    expect(stderr).toContain(expected);
  });

  it.each(["ftp://example.com", "example.com", "http://"])(
    "whose URL is %j is a wrong command line",
    async (url) => {
      const { code, stderr } = await runCommand("models", "--url", url, "--api-key", "sk_x");
      expect(code).toBe(2);
      expect(stderr).toContain("is not the URL of a service");
    },
  );

  it("whose note is broken is named", async () => {
    await note("{");
    const { code, stderr } = await runCommand("models");
    expect(code).toBe(1);
    expect(stderr).toContain(join(place.dataFolder, "local.json"));
  });

  it("does not get a terminal driven by what it says", async () => {
    const body = { code: "not_found", detail: "\u001b[2Jgone\r\nnext" };
    fake.next("GET", /models/, { status: 404, body });
    expect((await fake.run("models")).stderr).toBe("scriptorium: not_found: \ufffd[2Jgone\ufffd\ufffdnext\n");
  });
});
