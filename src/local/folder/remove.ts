import { lstat, readdir, rmdir, unlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { isId } from "../../jobs/messages.ts";
import { unlessMissing } from "../storage-errors.ts";
import { TEMPORARY } from "./write-file.ts";

const ABANDONED_MS = 24 * 3600 * 1000;

/** Remove what processes that died have left unfinished. `now` is in milliseconds since 1970. */
export async function removeAbandoned(root: string, now: number): Promise<void> {
  const folder = join(root, TEMPORARY);
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const stats = await lstat(path).catch(() => null);
    if (stats?.isFile() && now - stats.mtimeMs > ABANDONED_MS) await unlessMissing(unlink(path));
  }
}

/** The folder, if it is empty and the service's own, which is named by an id. Others, as an inbox, people have made. */
export async function removeOwnFolder(path: string): Promise<void> {
  const name = basename(path);
  // Where it is not empty, or not ours to remove, it stays: it does no harm.
  if (isId(name, "tr") || isId(name, "ba")) await rmdir(path).catch(() => {});
}
