import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { read, write } from "./sqlite/access.ts";
import { MIGRATIONS } from "./sqlite/schema.ts";
import { storageError } from "./storage-errors.ts";

const BUSY_TIMEOUT_MS = 10_000;
const SQLITE_BUSY = 5;
/** A large transaction must not leave its room on the disk taken for good. */
const WAL_BYTES_KEPT = 64 * 1024 * 1024;

/**
 * The database of the service, made where it is not there yet. Any number of processes may have it open: it is in WAL
 * mode, where a crash of a process loses nothing that was committed. `:memory:` is one of its own.
 * Throws StorageFullError, StorageReadOnlyError, and Error where a newer program made it.
 */
export function openDatabase(file: string): DatabaseSync {
  if (file !== ":memory:") createPrivately(file);
  const db = read(() => new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS }));
  try {
    enterWalMode(db);
    db.exec(`PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = ${WAL_BYTES_KEPT}`);
    migrate(db, file);
    return db;
  } catch (error) {
    db.close();
    throw storageError(error);
  }
}

/** It holds webhook secrets. Its WAL gets the same permissions from SQLite. */
function createPrivately(file: string): void {
  try {
    closeSync(openSync(file, "a", 0o600));
  } catch (error) {
    throw storageError(error);
  }
}

/** Where several processes change the mode at once, SQLite does not wait but tells all but one that it is busy. */
function enterWalMode(db: DatabaseSync): void {
  const deadline = Date.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      db.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      const busy = ((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY;
      if (!busy || Date.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function migrate(db: DatabaseSync, file: string): void {
  if (version(db) === MIGRATIONS.length) return;
  write(db, () => {
    const from = version(db);
    if (from > MIGRATIONS.length)
      throw new Error(
        `The database ${file} was made by a newer version of the program (its schema is ${from}, ` +
          `this one knows up to ${MIGRATIONS.length}). Use that version, or another data folder.`,
      );
    for (const sql of MIGRATIONS.slice(from)) db.exec(sql);
    db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}

function version(db: DatabaseSync): number {
  return Number(db.prepare("PRAGMA user_version").get()?.user_version);
}
