import { mkdir, readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

const FOLDER = "spool";

/**
 * A folder of this process for recordings while they are read, below the data folder, readable by its user only. What
 * processes of this machine that have ended left there is removed: one that is killed cannot do so itself.
 */
export async function openSpoolFolder(dataFolder: string): Promise<string> {
  const all = join(dataFolder, FOLDER);
  // Numbers of processes say nothing in another container that shares the folder.
  const host = `${hostname()}.`;
  const own = join(all, `${host}${process.pid}`);
  await mkdir(own, { recursive: true, mode: 0o700 });
  for (const name of await readdir(all)) {
    const ended = name.startsWith(host) && !isRunning(Number(name.slice(host.length)));
    if (ended) await rm(join(all, name), { recursive: true, force: true });
  }
  return own;
}

/** Whether there is a process of that number, anyone's. */
function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
