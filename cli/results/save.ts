import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FORMATS, type FormatName } from "../../src/formats/index.ts";
import { CliError } from "../errors.ts";

/** Write a rendered transcript below a folder. Returns the path. */
export async function saveBelow(
  folder: string,
  stem: string,
  format: FormatName,
  body: string,
): Promise<string> {
  const path = join(folder, `${stem}.${FORMATS[format].extension}`);
  await saveAs(path, body);
  return path;
}

/**
 * Written beside its place and moved there, so that a reader never sees half a file. Folders are made. Throws
 * CliError `not_writable`.
 */
export async function saveAs(path: string, body: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    // A name of its own: with one more extension a long one would be too long.
    const part = join(dirname(path), `.${randomUUID()}.part`);
    try {
      await writeFile(part, body);
      await rename(part, path);
    } finally {
      await rm(part, { force: true });
    }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new CliError("not_writable", `${path} cannot be written (${code ?? message}).`, { cause });
  }
}
