import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openSpoolFolder } from "../../local/spool-folder.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

async function leave(dataFolder: string, name: string): Promise<void> {
  await mkdir(join(dataFolder, "spool", name), { recursive: true });
  await writeFile(join(dataFolder, "spool", name, "recording"), "of somebody");
}

test("what a killed process left is removed, and what others are at work on is not", async () => {
  const dataFolder = await temporaryFolder();
  const [killed, running] = [1, 2].map(() => spawn("sleep", ["600"]));
  onTestFinished(() => void running.kill());
  killed.kill("SIGKILL");
  await once(killed, "close");
  const here = (pid: number | undefined) => `${hostname()}.${pid}`;
  const elsewhere = `elsewhere.${killed.pid}`;
  for (const name of [here(killed.pid), here(running.pid), elsewhere]) await leave(dataFolder, name);

  const own = await openSpoolFolder(dataFolder);
  const names = await readdir(join(dataFolder, "spool"));
  expect(names.sort()).toEqual([here(running.pid), here(process.pid), elsewhere].sort());
  expect(own).toBe(join(dataFolder, "spool", here(process.pid)));
  expect((await stat(own)).mode & 0o777).toBe(0o700);
});

test("is opened again by the process that it is of", async () => {
  const dataFolder = await temporaryFolder();
  const own = await openSpoolFolder(dataFolder);
  await writeFile(join(own, "recording"), "at work on it");
  expect(await openSpoolFolder(dataFolder)).toBe(own);
  expect(await readdir(own)).toEqual(["recording"]);
});
