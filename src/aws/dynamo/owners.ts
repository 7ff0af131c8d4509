import type { ApiKey, Owner } from "../../jobs/owner.ts";
import { apiKeyHashKey, apiKeyKey, ownerKey } from "./keys.ts";
import { getItem, type Item, parseRecord, queryItems, type Table } from "./table.ts";
import { type Write, write } from "./write.ts";

const ABSENT = "attribute_not_exists(pk)";

/** Throws where the id or the hash is taken. */
export async function createKey(table: Table, key: ApiKey): Promise<void> {
  const failed = await write(table, putKey(key, ABSENT));
  if (failed.size > 0) throw new Error(`There is a key ${key.id} already, or one with its secret`);
}

export async function findKey(table: Table, hash: string): Promise<ApiKey | null> {
  const item = await getItem(table, apiKeyHashKey(hash));
  return item && parseRecord(item);
}

/** Oldest first. */
export async function listKeys(table: Table): Promise<ApiKey[]> {
  const query = {
    KeyConditionExpression: "pk = :pk",
    ExpressionAttributeValues: { ":pk": apiKeyKey("").pk },
    ConsistentRead: true,
  };
  const keys = (await Array.fromAsync(queryItems(table, query))).map(parseRecord<ApiKey>);
  return keys.sort((a, b) => (a.createdAt < b.createdAt ? -1 : Number(a.createdAt > b.createdAt)));
}

/** A key that was revoked before keeps its first time. */
export async function revokeKey(table: Table, id: string, at: string): Promise<boolean> {
  const item = await getItem(table, apiKeyKey(id));
  if (!item) return false;
  const key = parseRecord<ApiKey>(item);
  if (key.revokedAt === null) await write(table, putKey({ ...key, revokedAt: at }, "attribute_exists(pk)"));
  return true;
}

/** Under its id, for the list, and under its secret's hash, for every request. */
function putKey(key: ApiKey, ConditionExpression: string): Write[] {
  const record = JSON.stringify(key);
  return [apiKeyKey(key.id), apiKeyHashKey(key.hash)].map((at) => ({
    Put: { Item: { ...at, record }, ConditionExpression },
  }));
}

export async function getOwner(table: Table, id: string): Promise<Owner | null> {
  const item = await getItem(table, ownerKey(id));
  return item && parseRecord(item);
}

export async function saveOwner(table: Table, before: Owner | null, after: Owner): Promise<boolean> {
  const { id, revision } = after;
  const Item: Item = { ...ownerKey(id), revision, record: JSON.stringify(after) };
  const condition = before
    ? {
        ConditionExpression: "revision = :revision",
        ExpressionAttributeValues: { ":revision": before.revision },
      }
    : { ConditionExpression: ABSENT };
  return (await write(table, [{ Put: { Item, ...condition } }])).size === 0;
}
