import type { DatabaseSync } from "node:sqlite";
import type { ApiKey, Owner } from "../../jobs/owner.ts";
import { read, statement, write } from "./access.ts";

/** Throws where the id or the hash is taken. */
export function createKey(db: DatabaseSync, key: ApiKey): void {
  const sql = "INSERT INTO api_keys (id, hash, created_at, record) VALUES (?, ?, ?, ?)";
  write(db, () => statement(db, sql).run(key.id, key.hash, key.createdAt, JSON.stringify(key)));
}

export function findKey(db: DatabaseSync, hash: string): ApiKey | null {
  const row = read(() => statement(db, "SELECT record FROM api_keys WHERE hash = ?").get(hash));
  return row ? JSON.parse(String(row.record)) : null;
}

/** Oldest first. */
export function listKeys(db: DatabaseSync): ApiKey[] {
  const rows = read(() => statement(db, "SELECT record FROM api_keys ORDER BY created_at, id").all());
  return rows.map((row) => JSON.parse(String(row.record)));
}

/** A key that was revoked before keeps its first time. */
export function revokeKey(db: DatabaseSync, id: string, at: string): boolean {
  return write(db, () => {
    const row = statement(db, "SELECT record FROM api_keys WHERE id = ?").get(id);
    if (!row) return false;
    const key: ApiKey = JSON.parse(String(row.record));
    const revoked: ApiKey = { ...key, revokedAt: key.revokedAt ?? at };
    statement(db, "UPDATE api_keys SET record = ? WHERE id = ?").run(JSON.stringify(revoked), id);
    return true;
  });
}

export function getOwner(db: DatabaseSync, id: string): Owner | null {
  const row = read(() => statement(db, "SELECT record FROM owners WHERE id = ?").get(id));
  return row ? JSON.parse(String(row.record)) : null;
}

export function saveOwner(db: DatabaseSync, before: Owner | null, after: Owner): boolean {
  const record = JSON.stringify(after);
  const create = "INSERT OR IGNORE INTO owners (id, revision, record) VALUES (?, ?, ?)";
  const replace = "UPDATE owners SET revision = ?, record = ? WHERE id = ? AND revision = ?";
  return write(db, () => {
    const { changes } = before
      ? statement(db, replace).run(after.revision, record, before.id, before.revision)
      : statement(db, create).run(after.id, after.revision, record);
    return changes === 1;
  });
}
