import type { BigIntStats, Dirent } from "node:fs";
import { lstat, readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { BlobFacts } from "../../jobs/ports/index.ts";
import { unlessMissing } from "../storage-errors.ts";
import { factsOf } from "./facts.ts";
import { isKeyPart, keyParts } from "./key-parts.ts";
import { compareUtf8 } from "./utf8-order.ts";

interface Walk {
  /** The bucket's folder, without symbolic links in it. */
  root: string;
  bucket: string;
  prefix: string;
  after: string;
}

/** As `list` of the port. The names of one folder at a time on the way down are held in memory. */
export async function* listFolder(walk: Walk): AsyncGenerator<BlobFacts> {
  const folder = walk.prefix.slice(0, walk.prefix.lastIndexOf("/") + 1);
  if (folder !== "" && !(await isFolder(walk.root, folder.slice(0, -1)))) return;
  yield* walkFolder(walk, folder);
}

async function isFolder(root: string, key: string): Promise<boolean> {
  const parts = keyParts(key);
  if (!parts) return false;
  const path = join(root, ...parts);
  const real = await unlessMissing(realpath(path));
  return real === path;
}

/** `folder` is empty or ends with a slash. */
async function* walkFolder(walk: Walk, folder: string): AsyncGenerator<BlobFacts> {
  for (const key of await keysIn(walk, folder)) {
    if (key.endsWith("/")) yield* walkFolder(walk, key);
    else {
      const stats: BigIntStats | null = await unlessMissing(lstat(join(walk.root, key), { bigint: true }));
      if (stats?.isFile()) yield factsOf({ bucket: walk.bucket, key }, stats);
    }
  }
}

/** Files and, with a slash at the end, folders that may hold what is asked for, in the order of their keys. */
async function keysIn({ root, prefix, after }: Walk, folder: string): Promise<string[]> {
  const entries = await unlessMissing(readdir(join(root, folder), { withFileTypes: true }));
  return (entries ?? [])
    .filter((entry) => isKeyPart(entry.name) && (entry.isFile() || entry.isDirectory()))
    .map((entry) => folder + keyName(entry))
    .filter((key) => key.startsWith(prefix) || (key.endsWith("/") && prefix.startsWith(key)))
    .filter((key) => compareUtf8(key, after) > 0 || (key.endsWith("/") && after.startsWith(key)))
    .sort(compareUtf8);
}

/** With its slash a folder stands where its keys do: `a-b` comes before `a/b`. */
function keyName(entry: Dirent): string {
  return entry.isDirectory() ? `${entry.name}/` : entry.name;
}
