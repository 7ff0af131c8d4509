import { ServiceError, StorageFullError, StorageReadOnlyError } from "../jobs/errors.ts";

const FULL = new Set<unknown>(["ENOSPC", "EDQUOT", "EFBIG"]);
const READ_ONLY = new Set<unknown>(["EROFS", "EACCES", "EPERM"]);

/** Result codes of SQLite (https://sqlite.org/rescode.html); the lowest byte is the primary code. */
const SQLITE_READONLY = 8;
const SQLITE_FULL = 13;
/** Its WAL could not be made beside the database. */
const SQLITE_CANTOPEN = 14;
const SQLITE_IOERR_WRITE = 778;
const SQLITE_IOERR_SHMSIZE = 4874;

/** An error of the file system or of SQLite that happened while writing, in the service's words where it has some. */
export function storageError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ServiceError) return error;
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  if (FULL.has(code) || isFull(errcode)) return new StorageFullError(error);
  if (READ_ONLY.has(code) || isReadOnly(errcode)) return new StorageReadOnlyError(error);
  return error;
}

function isReadOnly(errcode: unknown): boolean {
  return primary(errcode) === SQLITE_READONLY || primary(errcode) === SQLITE_CANTOPEN;
}

/** SQLite calls a full disk FULL, but a spent quota or size limit a failed write, and no room for its index IOERR. */
function isFull(errcode: unknown): boolean {
  return (
    primary(errcode) === SQLITE_FULL || errcode === SQLITE_IOERR_WRITE || errcode === SQLITE_IOERR_SHMSIZE
  );
}

function primary(errcode: unknown): number | null {
  return typeof errcode === "number" ? errcode & 0xff : null;
}

/** There can be no file of that name: nothing is there, or something else than a folder is on the way to it. */
export function isMissing(error: unknown): boolean {
  return hasCode(error, "ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG");
}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && codes.includes(String((error as NodeJS.ErrnoException).code));
}

/** Null where there is no such file, or no more. */
export async function unlessMissing<Result>(result: Promise<Result>): Promise<Result | null> {
  try {
    return await result;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
