import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runCommand } from "./run-command.ts";
import { withoutUserSettings } from "./support/client-environment.ts";
import { problem } from "./support/fake-api.ts";
import { FakeDeployment } from "./support/fake-deployment.ts";
import { RunningCommand } from "./support/running-command.ts";

withoutUserSettings();

let fake: FakeDeployment;
let file: string;
beforeEach(async () => {
  fake = await FakeDeployment.start();
  file = join(await temporaryFolder(), "call.wav");
  await writeFile(file, Buffer.alloc(2_000_000, "abc"));
});

describe("submit in trouble", () => {
  it("waits where a Retry-After asks for it, and goes on", async () => {
    fake.next("POST", /transcriptions$/, problem(429, "rate_limited", "Too many.", { "retry-after": "1" }));
    const { code } = await fake.run("submit", file);
    expect(code).toBe(0);
    expect(fake.requests("POST", /transcriptions$/)).toHaveLength(2);
    expect(fake.transcriptions.size).toBe(1);
  });

  it("does not sit out a Retry-After of hours, but says so", async () => {
    const detail = "Too many requests with this key. Try again in 7200 s.";
    fake.next("POST", /transcriptions$/, problem(429, "rate_limited", detail, { "retry-after": "7200" }));
    const { code, stderr } = await fake.run("submit", file);
    expect(code).toBe(1);
    expect(stderr).toContain(`rate_limited: ${detail}`);
  });

  it("creates one transcription, with one key, where the answer was lost", async () => {
    fake.next("POST", /transcriptions$/, { cut: true });
    fake.next("POST", /transcriptions$/, { status: 502, body: "<html>Bad gateway</html>" });
    const { code } = await fake.run("submit", file);
    expect(code).toBe(0);
    const keys = fake.requests("POST", /transcriptions$/).map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
  });

  it("uploads again, from the start, where an upload was cut off", async () => {
    fake.next("PUT", /uploads/, { cut: true, after: 10_000 });
    const { code } = await fake.run("submit", file);
    expect(code).toBe(0);
    expect(fake.requests("PUT", /uploads/)).toHaveLength(2);
    expect(fake.uploads.get("call.wav")?.length).toBe(2_000_000);
  });

  it("takes it for uploaded where the first try arrived and a second one is refused", async () => {
    fake.next("PUT", /uploads/, { cut: true });
    fake.next("PUT", /uploads/, problem(412, "already_uploaded", "A recording was uploaded before."));
    expect((await fake.run("submit", file)).code).toBe(0);
  });

  it.each([
    [
      problem(413, "too_large", "The upload is larger than 1000000 bytes."),
      "too_large: The upload is larger",
    ],
    [
      { status: 403, body: "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>" },
      "AccessDenied: Request has expired",
    ],
  ])("an upload that is refused is reported at once: %#", async (answer, expected) => {
    fake.next("PUT", /uploads/, answer);
    const { code, stderr } = await fake.run("submit", file);
    expect(code).toBe(1);
    expect(stderr).toContain(expected);
    expect(fake.requests("PUT", /uploads/)).toHaveLength(1);
  });

  it("goes on waiting while the service is away for a moment", async () => {
    fake.next("GET", /transcriptions\/tr_[0-9a-f]+$/, { cut: true });
    fake.next("GET", /transcriptions\/tr_[0-9a-f]+$/, { status: 503, body: "" });
    const { code, stdout } = await fake.run("submit", "--wait", file);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "TEXT OF call.wav\n" });
  });

  it("names the fields that the service did not like", async () => {
    const answer = problem(400, "invalid_request", "The request makes no sense.");
    const errors = [{ field: "language", message: "must be a BCP 47 tag" }];
    fake.next("POST", /transcriptions$/, { ...answer, body: { ...answer.body, errors } });
    const { code, stderr } = await fake.run("submit", file, "--language", "?");
    expect(code).toBe(1);
    expect(stderr).toContain("invalid_request: The request makes no sense. language: must be a BCP 47 tag");
  });

  it("a key that is refused ends it, once for all recordings", async () => {
    const others = Array.from({ length: 20 }, (_, i) => `${file}.${i}.wav`);
    for (const other of others) await copyFile(file, other);
    const args = ["submit", "--wait", file, ...others, "--url", fake.url, "--api-key", "sk_wrong"];
    const { code, stderr } = await runCommand(...args);
    expect(code).toBe(1);
    // Those at the gate, and those let in before the first answer was understood.
    expect(fake.seen.length).toBeLessThanOrEqual(8);
    expect(stderr.match(/unauthorized/g)).toHaveLength(1);
    expect(stderr).toContain("SCRIPTORIUM_API_KEY");
  });

  it("on Ctrl-C exits with 130 and says how to go on", async () => {
    fake.course = [{ status: "processing", progress: 0.25 }];
    const command = new RunningCommand("submit", "--wait", file, "--url", fake.url, "--api-key", fake.key);
    await command.says(/processing, 25 %/);
    command.interrupt();
    expect(await command.exitCode()).toBe(130);
    const [id] = fake.transcriptions.keys();
    expect(command.stderr).toContain(`see: scriptorium status ${id}\n`);
  });
});
