import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { FIXTURES } from "../src/asr/fixtures.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const LAUNCHER = join(ROOT, "bin/scriptorium.mjs");
const go = `${FIXTURES}/utterances/slt-go.wav`;
const run = promisify(execFile);

/** A Node on PATH that cannot run TypeScript by itself, if there is one. */
function olderNode(): string | undefined {
  const folders = (process.env.PATH ?? "").split(":").filter((folder) => !folder.includes("node_modules"));
  const nodes = folders.map((folder) => join(folder, "node")).filter((path) => existsSync(path));
  return nodes.find(
    (path) => Number(execFileSync(path, ["-p", "process.versions.node"]).toString().split(".")[0]) < 24,
  );
}

describe("the scriptorium command as installed", () => {
  it("runs from any folder", async () => {
    const { stdout } = await run(process.execPath, [LAUNCHER, "transcribe", "-q", "slt-go.wav"], {
      cwd: dirname(go),
    });
    expect(stdout).toBe("Go.\n");
  });

  it("reads standard input", async () => {
    const child = spawn(process.execPath, [LAUNCHER, "transcribe", "-q", "-"]);
    createReadStream(go).pipe(child.stdin);
    let text = "";
    child.stdout.on("data", (data: Buffer) => (text += data));
    const [code] = await once(child, "close");
    expect({ code, text }).toEqual({ code: 0, text: "Go.\n" });
  });

  const older = olderNode();
  // Only a machine with an older Node can show the hand-over; CI's has one.
  it.skipIf(!older)(
    "hands over to the pinned Node where the one on PATH is too old, exit code included",
    async () => {
      expect((await run(older as string, [LAUNCHER, "transcribe", "-q", go])).stdout).toBe("Go.\n");
      await expect(run(older as string, [LAUNCHER, "transcribe", "-q", "gone.wav"])).rejects.toMatchObject({
        code: 1,
      });
    },
  );

  it("is what `npm run transcribe` runs, with paths meant from where the user is", async () => {
    const args = ["run", "--silent", "--prefix", ROOT, "transcribe", "--", "-q", "slt-go.wav"];
    const { stdout } = await run("npm", args, {
      cwd: dirname(go),
      env: { ...process.env, INIT_CWD: undefined },
    });
    expect(stdout).toBe("Go.\n");
  });

  it.each(["start", "transcribe"])(
    "keeps V8's young generation small, by itself and as npm run %s",
    async (name) => {
      const flag = "--max-semi-space-size=2";
      expect((await readFile(LAUNCHER, "utf8")).split("\n")[0]).toBe(`#!/usr/bin/env -S node ${flag}`);
      const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
      expect(scripts[name]).toBe(`node ${flag} bin/scriptorium.mjs ${name}`);
    },
  );

  it.each([
    ["node bin/scriptorium.mjs keys", "user"],
    ["vitest run", "own"],
  ])(
    "means paths from where the user is only where the npm script is the command itself: %s",
    async (script, place) => {
      const folder = await temporaryFolder();
      const [user, own] = [join(folder, "user"), join(folder, "own")];
      await mkdir(user);
      await mkdir(own);
      const env = {
        ...process.env,
        SCRIPTORIUM_DATA: undefined,
        // Nobody answers there: a service that runs on this machine has other keys, and is asked.
        SCRIPTORIUM_URL: "http://127.0.0.1:9",
        npm_lifecycle_script: script,
        INIT_CWD: user,
      };
      await run(process.execPath, [LAUNCHER, "keys", "create"], { cwd: own, env });
      expect([existsSync(join(user, ".scriptorium")), existsSync(join(own, ".scriptorium"))]).toEqual([
        place === "user",
        place === "own",
      ]);
    },
  );

  it("stops at once when interrupted, with exit code 130", async () => {
    const child = spawn(process.execPath, [LAUNCHER, "transcribe", "-"]);
    // The model's name is printed once it is loaded and waiting for the rest of the input.
    await once(child.stderr, "data");
    child.kill("SIGINT");
    const [code] = await once(child, "exit");
    expect(code).toBe(130);
  });
});
