import type { Transcription, TranscriptionState } from "../../jobs/transcription.ts";

/**
 * The single table. Records are found by their id, lists by an index or by a partition of their own:
 *
 *     TR#id           RECORD           a transcription
 *     DONE#doneKey    transcription    the completed ones that did this
 *     BATCH#id        RECORD           a batch
 *     BATCH#id        COUNTS#n         its counts, in shards: one item could not be changed often enough
 *     ITEMS#batch     time#id          its transcriptions in their order; their states in index gsi2
 *     SKIPS#batch     item             what it did not do again
 *     ONCE#digest     RECORD           an Idempotency-Key
 *     KEYS            id               an API key; and by its hash:
 *     KEYHASH#hash    RECORD
 *     OWNER#id        RECORD
 *     RATE#key#minute COUNT            requests
 *     USAGE#owner#n   day#key         what ended, in shards likewise
 *     SLOTS#owner     endpoint#n      deliveries of webhooks in flight
 *     HEALTH          COUNT           never written: a read of it tells whether the table answers
 *
 * gsi1: transcriptions and batches of an owner. gsi2: transcriptions of an owner or a batch by state, open batches.
 * gsi3, sparse: what is due. Lists of an owner's transcriptions and of what is due are in shards: a partition takes
 * 1,000 writes a second. The indexes hold keys alone, so that a write that changes none of them (progress) costs them
 * nothing; what they name is read from the table.
 */
export interface Key {
  pk: string;
  sk: string;
}

const RECORD = "RECORD";
const COUNT_SHARDS = 16;
const USAGE_SHARDS = 16;
const DUE_SHARDS = 24;
export const OWNER_SHARDS = 16;

export const transcriptionKey = (id: string): Key => ({ pk: `TR#${id}`, sk: RECORD });
export const batchKey = (id: string): Key => ({ pk: `BATCH#${id}`, sk: RECORD });
export const itemKey = (batchId: string, at: CreatedAt): Key => ({ pk: `ITEMS#${batchId}`, sk: sortKey(at) });
export const skipKey = (batchId: string, itemId: string): Key => ({ pk: `SKIPS#${batchId}`, sk: itemId });
export const doneKeyOf = (doneKey: string, id: string): Key => ({ pk: `DONE#${doneKey}`, sk: id });
export const onceKey = (digest: string): Key => ({ pk: `ONCE#${digest}`, sk: RECORD });
export const apiKeyKey = (id: string): Key => ({ pk: "KEYS", sk: id });
export const apiKeyHashKey = (hash: string): Key => ({ pk: `KEYHASH#${hash}`, sk: RECORD });
export const ownerKey = (id: string): Key => ({ pk: `OWNER#${id}`, sk: RECORD });
export const rateKey = (keyId: string, window: number): Key => ({
  pk: `RATE#${keyId}#${window}`,
  sk: "COUNT",
});
export const usagePartitions = (owner: string): string[] =>
  Array.from({ length: USAGE_SHARDS }, (_, shard) => `USAGE#${owner}#${shard}`);
/** `id`: of the transcription that is counted. */
export const usageKey = (owner: string, day: string, keyId: string | null, id: string): Key => ({
  pk: `USAGE#${owner}#${shardOf(id, USAGE_SHARDS)}`,
  sk: `${day}#${keyId ?? ""}`,
});
export const slotKey = (group: string, member: string, index: number): Key => ({
  pk: `SLOTS#${group}`,
  sk: `${member}#${index}`,
});
export const HEALTH_KEY: Key = { pk: "HEALTH", sk: "COUNT" };

type CreatedAt = Pick<Transcription, "createdAt" | "id">;

/** Times are all of the same length, so that texts sort as (createdAt, id) do. */
export function sortKey({ createdAt, id }: CreatedAt): string {
  return `${createdAt}#${id}`;
}

/** Of all of an owner's transcriptions, or of those in one state; `id`: the shard that has it. */
export const ownerPartitions = (owner: string, state?: TranscriptionState): string[] =>
  Array.from({ length: OWNER_SHARDS }, (_, shard) => ownerAt(owner, state, shard));
export const ownerPartition = (id: string, owner: string, state?: TranscriptionState): string =>
  ownerAt(owner, state, shardOf(id, OWNER_SHARDS));
export const batchesOf = (owner: string) => `BATCHES#${owner}`;
export const batchState = (batchId: string, state: TranscriptionState) => `STATE#${batchId}#${state}`;
export const OPEN_BATCHES = "OPEN_BATCHES";

export const countKeys = (batchId: string): Key[] =>
  Array.from({ length: COUNT_SHARDS }, (_, shard) => countsAt(batchId, shard));
/** The same shard for one item each time: what it adds here it takes away here. */
export const countKey = (batchId: string, itemId: string): Key =>
  countsAt(batchId, shardOf(itemId, COUNT_SHARDS));
export const duePartitions = (): string[] => Array.from({ length: DUE_SHARDS }, (_, shard) => `DUE#${shard}`);
export const duePartition = (id: string): string => `DUE#${shardOf(id, DUE_SHARDS)}`;

/** `TR#id`, `BATCH#id`: the id. */
export const idOf = (pk: unknown): string => String(pk).slice(String(pk).indexOf("#") + 1);

function ownerAt(owner: string, state: TranscriptionState | undefined, shard: number): string {
  return state === undefined ? `TRANSCRIPTIONS#${owner}#${shard}` : `STATE#${owner}#${state}#${shard}`;
}

function countsAt(batchId: string, shard: number): Key {
  return { pk: `BATCH#${batchId}`, sk: `COUNTS#${shard}` };
}

/** Ids end in random digits; any even spread will do. */
function shardOf(id: string, shards: number): number {
  let sum = 0;
  for (const letter of id) sum += letter.codePointAt(0) ?? 0;
  return sum % shards;
}
