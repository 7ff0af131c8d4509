import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { jsonLines, withoutUserSettings } from "./support/client-environment.ts";
import { aTranscription, newId, problem } from "./support/fake-api.ts";
import { FakeDeployment } from "./support/fake-deployment.ts";

withoutUserSettings();

let fake: FakeDeployment;
beforeEach(async () => {
  fake = await FakeDeployment.start();
  fake.course = [];
});

function add(changes: Record<string, unknown> = {}): string {
  const record = aTranscription(changes);
  fake.transcriptions.set(record.id, record);
  return record.id;
}

describe("scriptorium status", () => {
  it("shows the last ones as a table, newest first", async () => {
    const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    const old = add({ created_at: minutesAgo(200), file_name: "\u001b[31mred.wav" });
    const error = { code: "no_audio", message: "The file is empty." };
    const bad = add({ created_at: minutesAgo(5), status: "failed", error, progress: 0, file_name: null });
    const fresh = add({ status: "processing", progress: 0.508, file_name: `${"x".repeat(60)}.wav` });
    const { code, stdout } = await fake.run("status");
    expect(code).toBe(0);
    expect(stdout.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["ID", "STATUS", "PROGRESS", "FILE", "AGE"],
      [fresh, "processing", "50 %", `${"x".repeat(39)}…`, expect.stringMatching(/^\d s$/)],
      [bad, "failed (no_audio)", "0 %", "-", "5 min"],
      [old, "completed", "100 %", "\ufffd[31mred.wav", "3 h"],
      [""],
    ]);
    expect(fake.seen[0].path).toBe("/v1/transcriptions?limit=20");
  });

  it("says so where there are none", async () => {
    expect(await fake.run("status")).toEqual({
      code: 0,
      stdout: "",
      stderr: "There are no transcriptions yet.\n",
    });
  });

  it("shows those that were named, and tells of one that is not there", async () => {
    const [here, gone] = [add(), newId("tr")];
    const { code, stdout, stderr } = await fake.run("status", "--json", gone, here);
    expect(code).toBe(1);
    expect(jsonLines(stdout)).toEqual([
      { id: gone, error: { code: "not_found", message: `There is no such thing as ${gone}.` } },
      expect.objectContaining({ id: here, status: "completed", metadata: {} }),
    ]);
    expect(stderr).toContain(`${gone}: not_found: `);
  });

  it("--watch tells each change until the end; the exit code is that of the work", async () => {
    const id = add({ status: "queued", progress: 0 });
    fake.course = [
      { status: "queued", progress: 0 },
      { status: "processing", progress: 0.2 },
      { status: "processing", progress: 0.2 },
      { status: "failed", progress: 0.2, error: { code: "corrupt_media", message: "It breaks off." } },
    ];
    const { code, stdout } = await fake.run("status", "--watch", id);
    expect(code).toBe(1);
    expect(stdout).toBe(
      [
        `${id}  call.wav  queued`,
        `${id}  call.wav  processing 20 %`,
        `${id}  call.wav  failed: corrupt_media: It breaks off.`,
        "",
      ].join("\n"),
    );
  });

  it("--watch ends where all have ended", async () => {
    add();
    const { code, stdout } = await fake.run("status", "--watch", "--json");
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toMatchObject([{ status: "completed" }]);
  });

  it("--watch does not wait for one that is not there", async () => {
    const [gone, here] = [newId("tr"), add()];
    const { code, stdout } = await fake.run("status", "--watch", gone, here);
    expect({ code, stdout }).toEqual({ code: 1, stdout: `${here}  call.wav  completed\n` });
  });
});

describe("scriptorium transcripts get", () => {
  it("fetches a large one where it lies, without the key", async () => {
    const id = add();
    const location = `${fake.url}/downloads/${id}?signature=s`;
    fake.next("GET", /transcript/, { status: 303, headers: { location }, body: { download_url: location } });
    fake.next("GET", /downloads/, { status: 200, body: "HOURS OF TEXT\n" });
    expect(await fake.run("transcripts", "get", id)).toEqual({
      code: 0,
      stdout: "HOURS OF TEXT\n",
      stderr: "",
    });
    const [{ path, headers }] = fake.requests("GET", /downloads/);
    expect([path, headers.authorization]).toEqual([`/downloads/${id}?signature=s`, undefined]);
  });

  it("prints text", async () => {
    expect(await fake.run("transcripts", "get", add())).toEqual({
      code: 0,
      stdout: "TEXT OF call.wav\n",
      stderr: "",
    });
  });

  it.each([
    [["--format", "json"], "format=json"],
    [["--output", "call.srt"], "format=srt"],
    [["--output", "call.TXT"], "format=text"],
    [["--output", "call.srt", "--format", "vtt"], "format=vtt"],
  ])("asks for the format that %j means", async (args, query) => {
    const folder = await temporaryFolder();
    const placed = args.map((arg) => (arg.startsWith("call") ? join(folder, "new", arg) : arg));
    const { code, stdout } = await fake.run("transcripts", "get", add(), ...placed);
    expect(code).toBe(0);
    expect(fake.seen[0].path).toContain(query);
    const output = placed[placed.indexOf("--output") + 1];
    const text = args.includes("--output") ? await readFile(output, "utf8") : stdout;
    expect(text).toContain("TEXT OF call.wav");
  });

  it("says what stands in the way", async () => {
    const detail = "The transcription is processing.";
    fake.next("GET", /transcript\?/, problem(409, "not_completed", detail));
    expect(await fake.run("transcripts", "get", add())).toEqual({
      code: 1,
      stdout: "",
      stderr: `scriptorium: not_completed: ${detail}\n`,
    });
  });

  it("says where it cannot write", async () => {
    const file = join(await temporaryFolder(), "a.txt");
    await fake.run("transcripts", "get", add(), "--output", file);
    const { code, stderr } = await fake.run("transcripts", "get", add(), "--output", join(file, "b.txt"));
    expect(code).toBe(1);
    expect(stderr).toContain("not_writable");
  });
});

describe("scriptorium cancel and delete", () => {
  it.each([
    ["cancel", "canceled", "POST"],
    ["delete", "deleted", "DELETE"],
  ])("%s each one, and tell of those that could not be", async (verb, done, method) => {
    const [first, gone, last] = [add(), newId("tr"), add()];
    const { code, stdout, stderr } = await fake.run(verb, first, gone, last);
    expect({ code, stdout }).toEqual({ code: 1, stdout: `${first}\t${done}\n${last}\t${done}\n` });
    expect(stderr).toContain(`${gone}: not_found`);
    expect(fake.requests(method, /v1\/transcriptions\/tr_/)).toHaveLength(3);
    const json = await fake.run(verb, "--json", first);
    expect(jsonLines(json.stdout)).toMatchObject([{ id: first, status: done }]);
  });

  it.each([["cancel"], ["delete"], ["status"], ["transcripts", "get"]])(
    "%j takes no other ids",
    async (...verb) => {
      for (const id of ["..", "tr_1", newId("ba")]) {
        const { code, stderr } = await fake.run(...verb, id);
        expect(code).toBe(2);
        expect(stderr).toContain("tr_ and 32 hexadecimal digits");
      }
      expect(fake.seen).toEqual([]);
    },
  );
});
