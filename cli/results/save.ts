import { mkdir, rename, writeFile } from "node:fs/promises";
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
    await writeFile(`${path}.part`, body);
    await rename(`${path}.part`, path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new CliError("not_writable", `${path} cannot be written (${code ?? message}).`, { cause });
  }
}
