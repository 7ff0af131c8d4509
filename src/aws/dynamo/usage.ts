import type { Transcription } from "../../jobs/transcription.ts";
import { emptyUsage, type UsageRow, usageOf } from "../../jobs/usage.ts";
import { usageKey, usagePartitions } from "./keys.ts";
import { queryItems, type Table } from "./table.ts";
import type { Write } from "./write.ts";

/** What a change of this record adds: nothing, or one write. */
export function usageWrites(before: Transcription | null, after: Transcription): Write[] {
  const entry = usageOf(before, after);
  if (!entry) return [];
  const { owner, day, keyId, state, audioSeconds } = entry;
  const update = {
    Key: usageKey(owner, day, keyId, after.id),
    UpdateExpression: "ADD #state :one, audioSeconds :seconds",
    ExpressionAttributeNames: { "#state": state },
    ExpressionAttributeValues: { ":one": 1, ":seconds": audioSeconds },
  };
  return [{ Update: update }];
}

/** Over all shards. */
export async function listUsage(table: Table, owner: string, from: string, to: string): Promise<UsageRow[]> {
  const shards = await Promise.all(
    usagePartitions(owner).map((pk) =>
      Array.fromAsync(
        queryItems(table, {
          KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
          // `$` comes right after the `#` that ends the day.
          ExpressionAttributeValues: { ":pk": pk, ":from": from, ":to": `${to}$` },
          ConsistentRead: true,
        }),
      ),
    ),
  );
  const rows = new Map<string, UsageRow>();
  for (const item of shards.flat()) {
    const sk = String(item.sk);
    const [day, keyId] = sk.split("#");
    const row = rows.get(sk) ?? emptyUsage(day, keyId || null);
    row.completed += Number(item.completed ?? 0);
    row.failed += Number(item.failed ?? 0);
    row.canceled += Number(item.canceled ?? 0);
    row.audioSeconds += Number(item.audioSeconds ?? 0);
    rows.set(sk, row);
  }
  return [...rows.keys()].sort().map((sk) => rows.get(sk)!);
}
