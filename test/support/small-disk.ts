import { execFileSync, spawnSync } from "node:child_process";
import { describe, onTestFinished } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";

const SUDO = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
const mountable = spawnSync(...command("mount", "--version")).status === 0 && process.platform === "linux";

/** A suite that needs a disk of its own, which takes root: left out for others, but failing on the build server. */
export const describeWithSmallDisk = describe.skipIf(!mountable && process.env.CI === undefined);

export interface SmallDisk {
  folder: string;
  /** Take all writing away, or give it back. */
  setReadOnly(readOnly: boolean): void;
}

/** A disk in memory of `megabytes`, mounted at `folder` (default: one of its own) until the test ends. */
export async function smallDisk(megabytes: number, folder?: string): Promise<SmallDisk> {
  folder ??= await temporaryFolder();
  run("mount", "-t", "tmpfs", "-o", `size=${megabytes}m,uid=${process.getuid?.()}`, "tmpfs", folder);
  onTestFinished(() => run("umount", "-l", folder));
  return {
    folder,
    setReadOnly: (readOnly) => run("mount", "-o", `remount,${readOnly ? "ro" : "rw"}`, folder),
  };
}

function run(...words: string[]): void {
  execFileSync(...command(...words));
}

function command(...words: string[]): [string, string[]] {
  const [name, ...args] = [...SUDO, ...words];
  return [name, args];
}
