import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** Where the records lie, below the data folder. */
export const DATABASE_FILE = "scriptorium.sqlite";
export const BLOBS_FOLDER = "blobs";
const NOTE_FILE = "local.json";
const UPLOAD_SECRET_BYTES = 32;

const note = z.object({
  /** Where the service was last reached. */
  url: z.string().nullable(),
  key: z.string().nullable(),
  webhook_secret: z.string().nullable(),
  /** Signs upload URLs; base64. */
  upload_secret: z.string(),
});

/** What the service notes for its next start, and for commands on this machine. Readable by its user only. */
export type LocalNote = z.infer<typeof note>;

/** Make the data folder where it is missing, and read its note. */
export async function openDataFolder(folder: string): Promise<LocalNote> {
  await mkdir(join(folder, BLOBS_FOLDER), { recursive: true, mode: 0o700 });
  const known = await readNote(folder);
  if (known) return known;
  const fresh: LocalNote = {
    url: null,
    key: null,
    webhook_secret: null,
    upload_secret: randomBytes(UPLOAD_SECRET_BYTES).toString("base64"),
  };
  await writeNote(folder, fresh);
  return fresh;
}

export async function writeNote(folder: string, content: LocalNote): Promise<void> {
  const path = join(folder, NOTE_FILE);
  await writeFile(`${path}.part`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.part`, path);
}

async function readNote(folder: string): Promise<LocalNote | null> {
  const text = await readFile(join(folder, NOTE_FILE), "utf8").catch(() => null);
  return text === null ? null : note.parse(JSON.parse(text));
}
