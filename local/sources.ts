import { realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { InvalidRequestError } from "../src/jobs/errors.ts";
import { openDatabase } from "../src/local/database.ts";
import { DATABASE_FILE } from "./data-folder.ts";

/** A folder of the operator's that an owner may name as a bucket. */
export interface SourceFolder {
  bucket: string;
  /** Absolute, without symbolic links. */
  folder: string;
  owner: string;
}

/** The folders that the operator opened to owners, in the service's database. */
export class SourceFolders {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    db.exec(
      `CREATE TABLE IF NOT EXISTS source_folders
         (bucket TEXT PRIMARY KEY, folder TEXT NOT NULL, owner TEXT NOT NULL, UNIQUE (folder, owner)) STRICT`,
    );
  }

  /** Open a folder; the bucket's name if it is open to this owner already. Throws InvalidRequestError. */
  async add(folder: string, owner: string): Promise<string> {
    const real = await realpath(folder).catch(() => null);
    if (!real || !(await stat(real)).isDirectory())
      throw new InvalidRequestError(`There is no folder ${folder}.`, { field: "folder" });
    const known = this.#db
      .prepare("SELECT bucket FROM source_folders WHERE folder = ? AND owner = ?")
      .get(real, owner);
    if (known) return String(known.bucket);
    const insert = this.#db.prepare(
      "INSERT OR IGNORE INTO source_folders (bucket, folder, owner) VALUES (?, ?, ?)",
    );
    for (const bucket of bucketNames(real)) {
      if (insert.run(bucket, real, owner).changes > 0) return bucket;
    }
    throw new InvalidRequestError(`No name is left for the folder ${folder}.`, { field: "folder" });
  }

  folderOf(bucket: string): string | null {
    const row = this.#db.prepare("SELECT folder FROM source_folders WHERE bucket = ?").get(bucket);
    return row ? String(row.folder) : null;
  }

  bucketsOf(owner: string): string[] {
    const rows = this.#db
      .prepare("SELECT bucket FROM source_folders WHERE owner = ? ORDER BY bucket")
      .all(owner);
    return rows.map((row) => String(row.bucket));
  }
}

/** Open a folder of this machine to an owner of the service whose data lies in `dataFolder`. Returns the bucket's name. */
export async function addSourceFolder(dataFolder: string, folder: string, owner: string): Promise<string> {
  const db = openDatabase(join(dataFolder, DATABASE_FILE));
  try {
    return await new SourceFolders(db).add(folder, owner);
  } finally {
    db.close();
  }
}

/** From the folder's own name: `tapes`, `tapes-2`… */
function* bucketNames(folder: string): Generator<string> {
  const plain = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  const stem = plain.length < 3 ? `folder-${plain}`.replace(/-$/, "") : plain.slice(0, 50);
  if (stem !== LOCAL_BUCKET) yield stem;
  for (let number = 2; number < 10_000; number++) yield `${stem}-${number}`;
}

/** The service's own bucket, whose name no source may take. */
export const LOCAL_BUCKET = "scriptorium";
