import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { MachineHealth } from "../../local/health.ts";
import { StorageReadOnlyError } from "../../src/jobs/errors.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

let folder: string;
let tools: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  tools = await temporaryFolder();
  vi.stubEnv("PATH", tools);
  return () => vi.unstubAllEnvs();
});

const install = async (tool: string, exitCode: number) => {
  await writeFile(join(tools, tool), `#!/bin/sh\nexit ${exitCode}\n`);
  await chmod(join(tools, tool), 0o755);
};

test("without ffmpeg, or ffprobe alone, there is a warning with a code", async () => {
  const warning = { code: "ffmpeg_missing", message: expect.stringContaining("Install it") };
  expect(await new MachineHealth(folder).check()).toEqual([warning]);
  await install("ffmpeg", 0);
  expect(await new MachineHealth(folder).check()).toEqual([warning]);
  await install("ffprobe", 1);
  expect(await new MachineHealth(folder).check()).toEqual([]);
});

test("what was installed since is found", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const health = new MachineHealth(folder);
  expect(await health.check()).toHaveLength(1);
  for (const tool of ["ffmpeg", "ffprobe"]) await install(tool, 0);
  expect(await health.check()).toHaveLength(1);
  vi.advanceTimersByTime(10_000);
  expect(await health.check()).toEqual([]);
});

test.each(["results", "uploads", ".tmp"])(
  "a folder %s that cannot be written to is bad health",
  async (name) => {
    await mkdir(join(folder, name));
    await chmod(join(folder, name), 0o555);
    onTestFinished(() => chmod(join(folder, name), 0o755));
    if (process.getuid?.() === 0) {
      // Nothing is forbidden to root: be nobody for a moment.
      for (const path of [folder, join(folder, ".."), tools]) await chmod(path, 0o777);
      process.seteuid?.(65534);
      onTestFinished(() => process.seteuid?.(0));
    }
    await expect(new MachineHealth(folder).check()).rejects.toThrow(StorageReadOnlyError);
  },
);
