import { type BatchCounts, NO_COUNTS } from "../../jobs/batch.ts";
import { countKey, countKeys, type Key } from "./keys.ts";
import type { Item } from "./table.ts";
import type { Write } from "./write.ts";

type Counter = keyof BatchCounts;
const COUNTERS = Object.keys(NO_COUNTS) as Counter[];

/** The counts that a batch begins with, all in the first shard. */
export function putCounts(batchId: string, counts: BatchCounts, audioSeconds: number): Write[] {
  return countKeys(batchId).map((key, shard) => ({
    Put: {
      Item: { ...key, ...(shard === 0 ? { ...counts, audioSeconds } : { ...NO_COUNTS, audioSeconds: 0 }) },
    },
  }));
}

/** Its condition does not hold where there is no such batch. */
export function addToCounts(
  batchId: string,
  itemId: string,
  differences: Partial<Record<Counter | "audioSeconds", number>>,
): Write {
  const key: Key = countKey(batchId, itemId);
  const changes = Object.entries(differences);
  return {
    Update: {
      Key: key,
      UpdateExpression: `ADD ${changes.map((_, i) => `#c${i} :d${i}`).join(", ")}`,
      ConditionExpression: "attribute_exists(pk)",
      ExpressionAttributeNames: Object.fromEntries(changes.map(([name], i) => [`#c${i}`, name])),
      ExpressionAttributeValues: Object.fromEntries(
        changes.map(([, difference], i) => [`:d${i}`, difference]),
      ),
    },
  };
}

/** Over all shards. */
export function sumCounts(shards: readonly Item[]): { counts: BatchCounts; audioSeconds: number } {
  const sum = (name: string) => shards.reduce((total, shard) => total + Number(shard[name] ?? 0), 0);
  const counts = Object.fromEntries(COUNTERS.map((name) => [name, sum(name)])) as BatchCounts;
  return { counts, audioSeconds: sum("audioSeconds") };
}
