import type { BigIntStats, Dirent } from "node:fs";
import { lstat, readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { BlobFacts, PassedBy } from "../../jobs/ports/index.ts";
import { unlessMissing } from "../storage-errors.ts";
import { factsOf } from "./facts.ts";
import { isKeyPart, keyParts } from "./key-parts.ts";
import { compareUtf8 } from "./utf8-order.ts";
import { TEMPORARY } from "./write-file.ts";

interface Walk {
  /** The bucket's folder, without symbolic links in it. */
  root: string;
  bucket: string;
  prefix: string;
  after: string;
  passedBy: PassedBy;
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

/** What stands for bytes of a name that are no UTF-8. Nothing is found under the name with it. */
const REPLACEMENT = "\ufffd";

/** `folder` is empty or ends with a slash. */
async function* walkFolder(walk: Walk, folder: string): AsyncGenerator<BlobFacts> {
  const entries = await unlessMissing(readdir(join(walk.root, folder), { withFileTypes: true }));
  if (entries === null && folder.includes(REPLACEMENT)) walk.passedBy(folder, "unreadable_name");
  for (const { key, passed } of inOrder(walk, folder, entries ?? [])) {
    if (passed !== null) walk.passedBy(key, passed);
    else if (key.endsWith("/")) yield* walkFolder(walk, key);
    else {
      const stats: BigIntStats | null = await unlessMissing(lstat(join(walk.root, key), { bigint: true }));
      if (stats?.isFile()) yield factsOf({ bucket: walk.bucket, key }, stats);
      else if (stats === null && key.includes(REPLACEMENT)) walk.passedBy(key, "unreadable_name");
    }
  }
}

type Passed = Parameters<PassedBy>[1];

/** Files and, with a slash at the end, folders that may hold what is asked for, in the order of their keys. */
function inOrder({ prefix, after }: Walk, folder: string, entries: readonly Dirent[]) {
  return entries
    .filter(({ name }) => name !== TEMPORARY)
    .map((entry) => ({ key: folder + keyName(entry), passed: whyPassed(entry) }))
    .filter(({ key }) => key.startsWith(prefix) || (key.endsWith("/") && prefix.startsWith(key)))
    .filter(({ key }) => compareUtf8(key, after) > 0 || (key.endsWith("/") && after.startsWith(key)))
    .sort((a, b) => compareUtf8(a.key, b.key));
}

/** Why something that lies in a folder is passed by; null for what may hold objects. */
function whyPassed(entry: Dirent): Passed | null {
  if (entry.isSymbolicLink()) return "symbolic_link";
  if (!entry.isFile() && !entry.isDirectory()) return "no_file";
  if (entry.name.startsWith("._")) return "apple_double";
  if (entry.name.startsWith(".")) return "hidden";
  return isKeyPart(entry.name) ? null : "unreadable_name";
}

/** With its slash a folder stands where its keys do: `a-b` comes before `a/b`. */
function keyName(entry: Dirent): string {
  return entry.isDirectory() ? `${entry.name}/` : entry.name;
}
