import type { DatabaseSync, StatementSync } from "node:sqlite";
import { storageError } from "../storage-errors.ts";

const prepared = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

/** The statement for this SQL, prepared once for each connection. */
export function statement(db: DatabaseSync, sql: string): StatementSync {
  let statements = prepared.get(db);
  if (!statements) {
    statements = new Map();
    prepared.set(db, statements);
  }
  let found = statements.get(sql);
  if (!found) {
    found = db.prepare(sql);
    statements.set(sql, found);
  }
  return found;
}

/** Throws StorageFullError, StorageReadOnlyError: even reading may have to write, into the index of the WAL. */
export function read<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw storageError(error);
  }
}

/**
 * All of `work` or nothing of it, alone among the writers of every process. The lock is taken at once: a transaction
 * that began by reading could not wait for it. Throws StorageFullError, StorageReadOnlyError.
 */
export function write<Result>(db: DatabaseSync, work: () => Result): Result {
  try {
    db.exec("BEGIN IMMEDIATE");
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    // A full disk may have ended the transaction already.
    if (db.isTransaction) db.exec("ROLLBACK");
    throw storageError(error);
  }
}
