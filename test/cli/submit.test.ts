import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { jsonLines, withoutUserSettings } from "./support/client-environment.ts";
import { FakeDeployment } from "./support/fake-deployment.ts";

withoutUserSettings();

let fake: FakeDeployment;
let folder: string;
beforeEach(async () => {
  fake = await FakeDeployment.start();
  folder = await temporaryFolder();
});

async function recording(name: string, content: string | Buffer = name): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, content);
  return path;
}

const idOf = (name: string) =>
  String([...fake.transcriptions.values()].find(({ file_name }) => file_name === name)?.id);

describe("scriptorium submit", () => {
  it("uploads a recording whole, with its length, and prints nothing but its id", async () => {
    const bytes = Buffer.alloc(3_000_000, "scriptorium");
    const { code, stdout, stderr } = await fake.run("submit", await recording("call.wav", bytes));
    const id = idOf("call.wav");
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${id}\n` });
    expect(stderr).toContain(`call.wav: uploaded as ${id}\n`);
    expect(fake.uploads.get("call.wav")?.equals(bytes)).toBe(true);
    const [{ headers }] = fake.requests("PUT", /uploads/);
    expect(headers).toMatchObject({ "content-length": "3000000", "x-signed": "1" });
    expect(headers.authorization).toBeUndefined();
  });

  it("uploads an empty file: what is wrong with it, the service says", async () => {
    const { code } = await fake.run("submit", await recording("empty.wav", ""));
    expect(code).toBe(0);
    expect(fake.uploads.get("empty.wav")?.length).toBe(0);
    expect(fake.requests("PUT", /uploads/)[0].headers["content-length"]).toBe("0");
  });

  it("sends what was said of the recording and nothing that was not", async () => {
    const file = await recording("call.wav");
    await fake.run("submit", file);
    const options =
      "--webhook https://example.com/hook --metadata case=A=17 --metadata desk=night --language en --channels split" +
      " --hotword NAME:2 --alternatives 3 --no-word-timestamps --delete-after 60 --idempotency-key once" +
      " --no-punctuate --no-numerals --replace sequel=SQL";
    await fake.run("submit", file, ...options.split(" "));
    const [bare, full] = fake.requests("POST", /transcriptions$/);
    expect(JSON.parse(bare.body.toString())).toEqual({ file_name: "call.wav" });
    expect(bare.headers["idempotency-key"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.parse(full.body.toString())).toEqual({
      file_name: "call.wav",
      webhook: { url: "https://example.com/hook" },
      metadata: { case: "A=17", desk: "night" },
      language: "en",
      channels: "split",
      hotwords: [{ phrase: "NAME", boost: 2 }],
      punctuate: false,
      numerals: false,
      replace: [{ find: "sequel", with: "SQL" }],
      alternatives: 3,
      word_timestamps: false,
      delete_after_seconds: 60,
    });
    expect(full.headers["idempotency-key"]).toBe("once");
  });

  it("uploads nothing twice under the same Idempotency-Key", async () => {
    const file = await recording("call.wav");
    const first = await fake.run("submit", file, "--idempotency-key", "k");
    expect(await fake.run("submit", file, "--idempotency-key", "k")).toEqual(first);
    expect(fake.requests("PUT", /uploads/)).toHaveLength(1);
  });

  it("takes folders and patterns, and gives ids in the order of the command line", async () => {
    const names = ["a.wav", "b.mp3", "c.ogg", "deep/d.wav", "e.wav"];
    for (const name of names) await recording(name);
    await recording("notes.txt");
    const { stdout } = await fake.run("submit", "-q", folder);
    expect(stdout).toBe(
      names.map((name) => `${idOf(name.split("/").at(-1)!)}\t${join(folder, name)}\n`).join(""),
    );
  });

  it("reports a missing file, submits the others and exits with 1", async () => {
    const [gone, here] = [join(folder, "gone.wav"), await recording("here.wav")];
    const { code, stdout, stderr } = await fake.run("submit", gone, here);
    expect(code).toBe(1);
    expect(stdout).toBe(`${idOf("here.wav")}\t${here}\n`);
    expect(stderr).toContain(`${gone}: not_found: There is no such file.\n`);
  });

  it("--json gives one object per recording, errors included", async () => {
    const [gone, here] = [join(folder, "gone.wav"), await recording("here.wav")];
    const { stdout } = await fake.run("submit", "--json", gone, here);
    expect(jsonLines(stdout)).toEqual([
      {
        file: gone,
        id: null,
        status: "failed",
        error: { code: "not_found", message: "There is no such file." },
      },
      { file: here, id: idOf("here.wav"), status: "submitted" },
    ]);
  });
});

describe("scriptorium submit --wait", () => {
  it("prints the transcript, and nothing but it, and says how it goes", async () => {
    fake.course = [
      { status: "queued", progress: 0 },
      { status: "processing", progress: 0.5 },
      { status: "completed", progress: 1 },
    ];
    const { code, stdout, stderr } = await fake.run("submit", "--wait", await recording("call.wav"));
    expect({ code, stdout }).toEqual({ code: 0, stdout: "TEXT OF call.wav\n" });
    expect(stderr).toMatch(/call\.wav: queued\n.*call\.wav: processing, 50 %\n.*call\.wav: completed\n/s);
  });

  it("heads several texts with their names, in the order of the command line", async () => {
    const [a, b] = [await recording("a.wav"), await recording("b.wav")];
    const { stdout, stderr } = await fake.run("submit", "--wait", "--quiet", b, a);
    expect(stdout).toBe(`==> ${b} <==\nTEXT OF b.wav\n==> ${a} <==\nTEXT OF a.wav\n`);
    expect(stderr).toBe("");
  });

  it("waits for more recordings than it uploads at once", async () => {
    fake.course = [];
    const names = Array.from({ length: 10 }, (_, i) => `${i}.wav`);
    for (const name of names) await recording(`many/${name}`);
    const submitted = fake.run("submit", "-q", "--wait", join(folder, "many"));
    await expect.poll(() => fake.uploads.size).toBe(10);
    fake.course = [{ status: "completed", progress: 1 }];
    const { code, stdout } = await submitted;
    expect(code).toBe(0);
    expect(stdout.match(/^TEXT OF .*$/gm)).toEqual(names.map((name) => `TEXT OF ${name}`));
  });

  it("writes files with --output, as the service renders them", async () => {
    const out = join(folder, "out");
    await recording("in/deep/a.wav");
    const { stdout } = await fake.run("submit", "-q", "-w", "-f", "srt", "-o", out, join(folder, "in"));
    expect(stdout).toBe("");
    expect((await readdir(out, { recursive: true })).sort()).toEqual(["deep", "deep/a.srt"]);
    expect(await readFile(join(out, "deep/a.srt"), "utf8")).toContain("\nTEXT OF a.wav\n");
  });

  it("exits with 1 where a recording fails, and tells why", async () => {
    const error = { code: "no_audio", message: "The file is empty." };
    fake.course = [{ status: "failed", error }];
    const file = await recording("empty.wav", "");
    const { code, stdout, stderr } = await fake.run("submit", "--wait", file);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(`${file}: no_audio: The file is empty.\n`);
    const json = await fake.run("submit", "--wait", "--json", file);
    expect(json.code).toBe(1);
    expect(jsonLines(json.stdout)).toMatchObject([{ file, status: "failed", error }]);
  });

  it("exits with 1 where somebody cancels it meanwhile", async () => {
    fake.course = [{ status: "canceled" }];
    const { code, stdout } = await fake.run("submit", "--wait", "--json", await recording("a.wav"));
    expect(code).toBe(1);
    expect(jsonLines(stdout)).toMatchObject([{ status: "canceled", error: { code: "canceled" } }]);
  });

  it("--json carries the transcript, or where it was written", async () => {
    const file = await recording("a.wav");
    const { stdout } = await fake.run("submit", "--wait", "--json", file);
    expect(jsonLines(stdout)).toMatchObject([
      { file, status: "completed", transcript: { text: "TEXT OF a.wav" } },
    ]);
    const written = await fake.run("submit", "--wait", "--json", "-o", join(folder, "out"), file);
    expect(jsonLines(written.stdout)).toMatchObject([{ output: join(folder, "out/a.json") }]);
  });
});

describe("a wrong command line of submit", () => {
  it.each([
    [["--format", "srt", "a.wav"], "--wait"],
    [["--wait", "--format", "srt", "a.wav", "b.wav"], "--output"],
    [["--idempotency-key", "k", "a.wav", "b.wav"], "one recording"],
    [["-"], "standard input"],
    [["--metadata", "case", "a.wav"], "key=value"],
    [["--delete-after", "soon", "a.wav"], "whole number"],
    [["no-such-*.wav", "--channels", "both"], "mix, split"],
  ])("%j exits with 2 and sends nothing", async (args, expected) => {
    const { code, stderr } = await fake.run("submit", ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(expected);
    expect(fake.seen).toEqual([]);
  });
});
