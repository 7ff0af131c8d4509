import { randomUUID } from "node:crypto";
import { type FileHandle, link, lstat, mkdir, open, rename, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InvalidRequestError } from "../../jobs/errors.ts";
import { hasCode, storageError, unlessMissing } from "../storage-errors.ts";

/** What is being written, in the same file system as its place. */
export const TEMPORARY = ".tmp";
/** A deletion may take the empty folder away between its making and its use. */
const MOST_TRIES = 10;

type Body = string | Uint8Array | AsyncIterable<Uint8Array>;

/**
 * Write a file whole or not at all: beside its place, then moved there. With `ifAbsent`, false where it exists. What
 * the body throws is thrown on, and nothing is left.
 */
export async function writeFile(
  root: string,
  parts: readonly string[],
  body: Body,
  { ifAbsent }: { ifAbsent: boolean },
): Promise<boolean> {
  const folder = await stored(makeFolders(root, [TEMPORARY]));
  const temporary = join(folder, randomUUID());
  const file = await stored(open(temporary, "wx"));
  try {
    try {
      for await (const piece of pieces(body)) await stored(writeAll(file, piece));
      await stored(file.sync());
    } finally {
      await stored(file.close());
    }
    return await stored(publish(temporary, root, parts, ifAbsent));
  } finally {
    await unlessMissing(unlink(temporary));
  }
}

async function* pieces(body: Body): AsyncGenerator<Uint8Array> {
  if (typeof body === "string") yield Buffer.from(body);
  else if (body instanceof Uint8Array) yield body;
  else yield* body;
}

async function writeAll(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length; ) {
    const { bytesWritten } = await file.write(piece, at);
    at += bytesWritten;
  }
}

/** Throws InvalidRequestError where something else than a file has that name. */
async function publish(
  temporary: string,
  root: string,
  parts: readonly string[],
  ifAbsent: boolean,
): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    try {
      const folder = await makeFolders(root, parts.slice(0, -1));
      const path = join(folder, parts.at(-1) ?? "");
      if (ifAbsent && (await isTaken(path))) return false;
      // Of two who link to the same name one fails; of two who rename, the later one replaces.
      await (ifAbsent ? link(temporary, path) : rename(temporary, path));
      await syncFolder(folder);
      return true;
    } catch (error) {
      if (hasCode(error, "EISDIR", "ENOTDIR")) throw inTheWay();
      // EEXIST: somebody was faster, and the next look will see it.
      if (!hasCode(error, "EEXIST", "ENOENT") || tries === MOST_TRIES) throw error;
    }
  }
}

async function isTaken(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => null);
  if (stats && !stats.isFile()) throw inTheWay();
  return stats !== null;
}

/** One by one, since those that are there must be real folders: a link could lead out of the root. */
async function makeFolders(root: string, parts: readonly string[]): Promise<string> {
  await mkdir(root, { recursive: true });
  let path = root;
  for (const part of parts) {
    path = join(path, part);
    try {
      await mkdir(path);
      await syncFolder(dirname(path));
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
      if (!(await lstat(path)).isDirectory()) throw inTheWay();
    }
  }
  return path;
}

function inTheWay(): InvalidRequestError {
  return new InvalidRequestError(
    "The key cannot be stored: one of its folders is a file or a link, or it is a folder itself.",
  );
}

/** A new name is durable only with the folder it stands in. Not every system can sync one. */
async function syncFolder(path: string): Promise<void> {
  try {
    await using folder = await open(path, "r");
    await folder.sync();
  } catch (error) {
    if (!hasCode(error, "EINVAL", "EISDIR", "EPERM", "ENOTSUP", "ENOENT")) throw error;
  }
}

/** Errors of our own writing in the service's words; those of the body stay as they are. */
async function stored<Result>(result: Promise<Result>): Promise<Result> {
  try {
    return await result;
  } catch (error) {
    if (hasCode(error, "ENAMETOOLONG")) throw new InvalidRequestError("The key is too long to be stored.");
    throw storageError(error);
  }
}
