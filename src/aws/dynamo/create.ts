import { sha256Hex } from "../../jobs/digest.ts";
import type { CreateOutcome, IdempotencyRecord } from "../../jobs/ports/index.ts";
import { type Key, onceKey } from "./keys.ts";
import { getItem, parseRecord, type Table } from "./table.ts";
import { type Write, write } from "./write.ts";

export interface CreateOptions {
  now: string;
  idempotency?: IdempotencyRecord;
}

const MOST_TRIES = 5;
/** DynamoDB deletes what is outdated; whether it has is of no account, since the time is looked at. */
const TTL_SLACK_SECONDS = 24 * 3600;

/**
 * Write a new record and what goes with it, unless it is there or its idempotency key is used. It is there where a
 * condition of the first `identities` writes does not hold. Throws `otherwise` where another condition does not hold.
 */
export async function create(
  table: Table,
  writes: readonly Write[],
  { now, idempotency }: CreateOptions,
  identities: number,
  otherwise: () => Error,
): Promise<CreateOutcome> {
  const key = idempotency && (await keyOf(idempotency));
  const claim = idempotency && key ? [claimWrite(key, idempotency, now)] : [];
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const failed = await write(table, [...writes, ...claim]);
    if (failed.size === 0) return { outcome: "created" };
    if (Math.min(...failed) < identities) return { outcome: "exists" };
    if (!key || !failed.has(writes.length)) throw otherwise();
    const holder = idempotency && (await findKeyHolder(table, idempotency.owner, idempotency.key, now));
    if (holder) return { outcome: "idempotency_key_used", record: holder };
  }
  throw new Error("An idempotency key was taken and given up again and again");
}

/** The record that holds an idempotency key now, or null. */
export async function findKeyHolder(
  table: Table,
  owner: string,
  key: string,
  now: string,
): Promise<IdempotencyRecord | null> {
  const item = await getItem(table, await keyOf({ owner, key }));
  const holder = item && parseRecord<IdempotencyRecord>(item);
  return holder && holder.expiresAt > now ? holder : null;
}

/** Of any length and alphabet, other than keys of the table. */
async function keyOf({ owner, key }: Pick<IdempotencyRecord, "owner" | "key">): Promise<Key> {
  return onceKey(await sha256Hex(JSON.stringify([owner, key])));
}

function claimWrite(key: Key, record: IdempotencyRecord, now: string): Write {
  const { expiresAt } = record;
  const ttl = Math.ceil(Date.parse(expiresAt) / 1000) + TTL_SLACK_SECONDS;
  return {
    Put: {
      Item: { ...key, record: JSON.stringify(record), expiresAt, ttl },
      ConditionExpression: "attribute_not_exists(pk) OR expiresAt <= :now",
      ExpressionAttributeValues: { ":now": now },
    },
  };
}
