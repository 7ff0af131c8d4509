import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { main } from "../../cli/main.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { Listener, runCommand } from "./run-command.ts";
import { jsonLines, withoutUserSettings } from "./support/client-environment.ts";
import { aBatch, newId, problem } from "./support/fake-api.ts";
import { FakeDeployment } from "./support/fake-deployment.ts";

const place = withoutUserSettings();

let fake: FakeDeployment;
beforeEach(async () => {
  fake = await FakeDeployment.start();
  fake.course = [];
});

function add(changes: Record<string, unknown> = {}): string {
  const batch = aBatch(changes);
  fake.batches.set(batch.id, batch);
  return batch.id;
}

const sent = () =>
  JSON.parse(
    fake
      .requests("POST", /batches$/)
      .at(-1)!
      .body.toString(),
  );
const counts = (changes: Record<string, number>) => ({
  total: 4,
  queued: 0,
  completed: 0,
  failed: 0,
  ...changes,
});

describe("scriptorium batch create", () => {
  it("of a bucket prints the id", async () => {
    const { code, stdout } = await fake.run("batch", "create", "--bucket", "archive", "--prefix", "1998/");
    expect(code).toBe(0);
    expect(stdout).toBe(`${[...fake.batches.keys()][0]}\n`);
    expect(sent()).toEqual({ source: { bucket: "archive", prefix: "1998/" } });
  });

  it("sends all that was said", async () => {
    const options =
      "--bucket archive --name Tapes --force --beside -f srt -f text -f srt --webhook https://a.b/ --channels split --metadata a=b";
    await fake.run("batch", "create", ...options.split(" "));
    expect(sent()).toEqual({
      source: { bucket: "archive", prefix: "" },
      name: "Tapes",
      force: true,
      results: { place: "beside", formats: ["srt", "text"] },
      webhook: { url: "https://a.b/" },
      channels: "split",
      metadata: { a: "b" },
    });
  });

  it.each([
    [["archive/lists/a.csv"], { manifest: { bucket: "archive", key: "lists/a.csv" }, format: "csv" }],
    [["s3://archive/a.jsonl", "--bucket", "b"], { format: "jsonl", bucket: "b" }],
    [["inv/2026/manifest.json"], { format: "s3_inventory" }],
    [["archive/list", "--manifest-format", "csv"], { format: "csv" }],
  ])("takes the list %j", async (args, source) => {
    expect((await fake.run("batch", "create", "--manifest", ...args)).code).toBe(0);
    expect(sent().source).toMatchObject(source);
  });

  it("takes a folder of this machine, where the service runs on it", async () => {
    const note = { url: fake.url, key: fake.key, webhook_secret: null };
    await writeFile(join(place.dataFolder, "local.json"), JSON.stringify(note));
    const folder = join(await temporaryFolder(), "Old Tapes");
    await mkdir(folder);
    expect((await runCommand("batch", "create", folder)).code).toBe(0);
    expect(sent()).toEqual({ source: { bucket: "old-tapes", prefix: "" } });
  });

  it("sends an archivist whose service is elsewhere to a bucket", async () => {
    const { code, stderr } = await fake.run("batch", "create", place.dataFolder);
    expect(code).toBe(2);
    expect(stderr).toContain("Upload the recordings to a bucket and use --bucket");
  });

  it.each([
    [[], "Name what to transcribe"],
    [["/no/such/folder"], "There is no folder /no/such/folder"],
    [["/tmp", "--bucket", "b"], "not both"],
    [["--manifest", "b/list.bin"], "--manifest-format"],
    [["--manifest", "list.csv"], "BUCKET/KEY"],
    [["--manifest", "b/a.csv", "--prefix", "x"], "--prefix goes with --bucket"],
    [["--bucket", "b", "--manifest-format", "csv"], "goes with --manifest"],
    [["--bucket", "b", "--format", "pdf"], "json, text, srt, vtt"],
  ])("%j exits with 2", async (args, expected) => {
    const { code, stderr } = await fake.run("batch", "create", ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(expected);
    expect(fake.seen).toEqual([]);
  });
});

describe("scriptorium batch watch", () => {
  const course = [
    { status: "listing", progress: 0, counts: counts({ total: 0 }) },
    { status: "processing", progress: 0.5, counts: counts({ queued: 2, completed: 2 }), eta_seconds: 75 },
    { status: "processing", progress: 0.5, counts: counts({ queued: 2, completed: 2 }), eta_seconds: 74 },
    { status: "completed", progress: 1, counts: counts({ completed: 4 }) },
  ];

  it("prints a line for each change", async () => {
    const id = add();
    fake.course = [...course];
    const { code, stdout, stderr } = await fake.run("batch", "watch", id);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(
      [
        `${id} listing: 0 % of 0 or more; nothing found yet`,
        `${id} processing: 50 % of 4; 2 queued, 2 completed; 1:15 left`,
        `${id} completed: 100 % of 4; 4 completed`,
        "",
      ].join("\n"),
    );
  });

  it("--json prints an object for each change", async () => {
    const id = add();
    fake.course = [...course];
    const { stdout } = await fake.run("batch", "watch", "--json", id);
    expect(jsonLines(stdout).map(({ status }) => status)).toEqual(["listing", "processing", "completed"]);
  });

  it("is a bar on a terminal", async () => {
    const id = add();
    fake.course = [...course];
    const [stdout, stderr] = [new Listener(), Object.assign(new Listener(), { isTTY: true })];
    const args = ["batch", "watch", id, "--url", fake.url, "--api-key", fake.key];
    expect(await main(args, { stdout, stderr })).toBe(0);
    expect(stderr.text).toContain("50% | 2/4 | 2 queued, 2 completed | 1:15 left");
    expect(stdout.text).toBe(`${id} completed: 100 % of 4; 4 completed\n`);
  });

  it.each([
    [{ status: "completed", counts: counts({ completed: 3, failed: 1 }) }, "3 completed, 1 failed"],
    [{ status: "canceled", counts: counts({ canceled: 4 }) }, "4 canceled"],
    [{ status: "failed", error: { code: "not_found", message: "No bucket." } }, "not_found: No bucket."],
  ])("exits with 1 where not all was done: %#", async (end, expected) => {
    const id = add();
    fake.course = [end];
    const { code, stdout } = await fake.run("batch", "watch", id);
    expect(code).toBe(1);
    expect(stdout).toContain(expected);
  });

  it("is what create --watch goes on with", async () => {
    fake.course = [...course];
    const { code, stdout } = await fake.run("batch", "create", "--bucket", "archive", "--watch", "--json");
    expect(code).toBe(0);
    expect(jsonLines(stdout).map(({ status }) => status)).toEqual([
      "listing",
      "listing",
      "processing",
      "completed",
    ]);
  });
});

describe("the other verbs of scriptorium batch", () => {
  it("status describes it", async () => {
    const id = add({ status: "processing", name: "Tapes", progress: 0.25, eta_seconds: 3700 });
    const { stdout } = await fake.run("batch", "status", id);
    for (const line of [`id        ${id}`, "name      Tapes", "progress  25 % of 2", "left      1:01:40"])
      expect(stdout).toContain(`${line}\n`);
    expect(jsonLines((await fake.run("batch", "status", "--json", id)).stdout)).toMatchObject([{ id }]);
  });

  it("list shows the last ones", async () => {
    expect((await fake.run("batch", "list")).stderr).toBe("There are no batches yet.\n");
    const [old, fresh] = [add(), add({ name: "Tapes" })];
    const { stdout } = await fake.run("batch", "list");
    expect(stdout.split("\n").map((line) => line.split(/ {2,}/).slice(0, 6))).toEqual([
      ["ID", "STATUS", "PROGRESS", "ITEMS", "FAILED", "NAME"],
      [fresh, "completed", "100 %", "2", "0", "Tapes"],
      [old, "completed", "100 %", "2", "0", "-"],
      [""],
    ]);
    expect(jsonLines((await fake.run("batch", "list", "--json")).stdout)).toHaveLength(2);
  });

  it("cancel stops it", async () => {
    const id = add({ status: "processing" });
    expect(await fake.run("batch", "cancel", id)).toMatchObject({ code: 0, stdout: `${id}\tcanceling\n` });
  });

  it("summary copies the lines, and says where there are none yet", async () => {
    const id = add();
    expect(await fake.run("batch", "summary", id)).toEqual({
      code: 0,
      stdout: '{"status":"completed"}\n{"status":"failed"}\n',
      stderr: "",
    });
    fake.next("GET", /summary/, problem(409, "not_completed", "The batch is processing."));
    expect(await fake.run("batch", "summary", id)).toMatchObject({ code: 1, stdout: "" });
  });

  it.each(["watch", "status", "cancel", "summary"])("%s takes no id of a transcription", async (verb) => {
    const { code, stderr } = await fake.run("batch", verb, newId("tr"));
    expect(code).toBe(2);
    expect(stderr).toContain("ba_ and 32 hexadecimal digits");
  });
});
