import { createHash } from "node:crypto";
import { glob, readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join, relative } from "node:path";
import { isMediaKey } from "../src/jobs/batches/media-key.ts";

/** One recording to transcribe. */
export interface Input {
  /** As the user will see it named; `-` is standard input. */
  path: string;
  /** Where its result goes below the output folder, without extension. */
  stem: string;
}

/**
 * Files, folders (searched through, media files only) and glob patterns → recordings, each once, in a stable order.
 * A name that matches nothing is kept as it is, so that it is reported as missing.
 */
export async function expandInputs(names: readonly string[]): Promise<Input[]> {
  const found = new Map<string, Input>();
  for (const name of names) {
    for (const input of await expandOne(name)) if (!found.has(input.path)) found.set(input.path, input);
  }
  return separateStems([...found.values()]);
}

async function expandOne(name: string): Promise<Input[]> {
  if (name === "-") return [{ path: "-", stem: "stdin" }];
  const facts = await stat(name).catch(() => null);
  if (facts?.isDirectory()) return mediaBelow(name);
  if (facts || !/[*?[{]/.test(name)) return [asInput(name, dirname(name))];
  const matches = (await Array.fromAsync(glob(name))).filter(isMedia).sort();
  return matches.length > 0
    ? matches.map((path) => asInput(path, dirname(path)))
    : [asInput(name, dirname(name))];
}

async function mediaBelow(folder: string): Promise<Input[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths
    .filter(isMedia)
    .sort()
    .map((path) => asInput(path, folder));
}

function asInput(path: string, root: string): Input {
  const below = relative(root, path);
  return { path, stem: join(dirname(below), basename(below, extname(below))) };
}

function isMedia(path: string): boolean {
  return isMediaKey(path.replaceAll("\\", "/"));
}

/** `talk.mp3` and `talk.wav` would both become `talk.json`: such keep their extension, and a number if need be. */
function separateStems(inputs: Input[]): Input[] {
  const count = Map.groupBy(inputs, (input) => input.stem);
  const used = new Set<string>();
  return inputs.map((input) => {
    const clash = (count.get(input.stem)?.length ?? 0) > 1;
    const wanted = fitting(clash ? join(dirname(input.stem), basename(input.path)) : input.stem);
    let stem = wanted;
    for (let number = 2; used.has(stem); number++) stem = `${wanted}-${number}`;
    used.add(stem);
    return { ...input, stem };
  });
}

/** Bytes of a name that leave room for an extension and a number, of the 255 that a file's may have. */
const MOST_NAME_BYTES = 240;
const KEPT_BYTES = 220;

/** A name that would be too long with its extension is cut, and told from others by a part of its digest. */
function fitting(stem: string): string {
  const name = basename(stem);
  if (Buffer.byteLength(name) <= MOST_NAME_BYTES) return stem;
  let end = name.length;
  while (Buffer.byteLength(name.slice(0, end)) > KEPT_BYTES || !name.slice(0, end).isWellFormed()) end--;
  const mark = createHash("sha256").update(name).digest("hex").slice(0, 16);
  return join(dirname(stem), `${name.slice(0, end)}~${mark}`);
}
