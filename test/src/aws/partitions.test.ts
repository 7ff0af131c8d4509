import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { countKey, itemKey, ownerPartition, ownerPartitions } from "../../../src/aws/dynamo/keys.ts";
import { mergeDescending } from "../../../src/aws/dynamo/merge.ts";
import { toItem } from "../../../src/aws/dynamo/transcriptions.ts";
import { randomIds } from "../../../src/aws/system.ts";
import { aTranscription } from "../../contract/records.ts";

/** What one partition of DynamoDB takes in a second, in units of 1 KB; a transaction writes each item twice. */
const PARTITION_WRITES = 1000;
const IN_TRANSACTION = 2;
const INDEXES = ["gsi1", "gsi2", "gsi3"] as const;
const IDS = Array.from({ length: 40_000 }, () => randomIds.create("tr"));

/** Of all these, the part that the fullest partition gets. */
function largestShare(partitionOf: (id: string) => string): number {
  const counts = [...Map.groupBy(IDS, partitionOf).values()].map((ids) => ids.length);
  return Math.max(...counts) / IDS.length;
}

test("5,000 recordings of one owner in a second leave every partition of the indexes room", () => {
  for (const state of [undefined, "awaiting_upload", "queued"] as const) {
    const share = largestShare((id) => ownerPartition(id, "ada", state));
    expect(5000 * share).toBeLessThan(PARTITION_WRITES);
    const partitions = new Set(IDS.map((id) => ownerPartition(id, "ada", state)));
    expect([...partitions].sort()).toEqual(ownerPartitions("ada", state).sort());
  }
});

test("and so they do where as many of their recordings arrive in the same second", () => {
  const writes = new Map<string, number>();
  const write = (partition: unknown) =>
    writes.set(String(partition), (writes.get(String(partition)) ?? 0) + 1);
  const [created, arrived] = [IDS.slice(0, 5000), IDS.slice(5000, 10_000)];
  const itemOf = (id: string, state: "awaiting_upload" | "queued") =>
    toItem({ ...aTranscription(), id, state, dueAt: `2026-03-01T1${state.length % 10}:00:00.000Z` });
  for (const id of created) for (const index of INDEXES) write(itemOf(id, "awaiting_upload")[`${index}pk`]);
  for (const id of arrived) {
    const [before, after] = [itemOf(id, "awaiting_upload"), itemOf(id, "queued")];
    // Where a key of an index changes, its old entry is deleted and a new one written.
    for (const index of INDEXES)
      if (before[`${index}pk`] !== after[`${index}pk`] || before[`${index}sk`] !== after[`${index}sk`])
        for (const item of [before, after]) write(item[`${index}pk`]);
  }
  const all = [...writes.values()];
  expect(all.reduce((sum, each) => sum + each)).toBe(5000 * 3 + 5000 * 4);
  expect(Math.max(...all)).toBeLessThan(PARTITION_WRITES);
});

test("a batch of a million items queued in an hour leaves its partitions room", () => {
  const perSecond = 1_000_000 / 3600;
  const share = largestShare((id) => countKey("ba_1", id).sk);
  expect(perSecond * share * IN_TRANSACTION).toBeLessThan(PARTITION_WRITES);
  // Its list is one partition: an item's place is smaller than 1 KB.
  const place = { ...itemKey("ba_1", { createdAt: "2026-03-01T12:00:00.000Z", id: IDS[0] }), id: IDS[0] };
  expect(JSON.stringify(place).length * 3).toBeLessThan(1024);
  expect(perSecond * IN_TRANSACTION).toBeLessThan(PARTITION_WRITES);
});

test("docs/operations.md has these figures", async () => {
  const docs = await readFile(new URL("../../../docs/operations.md", import.meta.url), "utf8");
  expect(docs).toContain(`${ownerPartitions("a").length} partitions`);
  expect(docs).toContain(`${Math.ceil((1_000_000 / 3600) * IN_TRANSACTION)} write units a second`);
});

test("lists in shards are one, the newest first, and read no further than they are asked for", async () => {
  let read = 0;
  async function* shard(...keys: string[]) {
    for (const key of keys) {
      read++;
      yield key;
    }
  }
  const merged = () =>
    mergeDescending([shard("9", "5", "1"), shard(), shard("8", "7", "2"), shard("6")], (key) => key);
  expect(await Array.fromAsync(merged())).toEqual(["9", "8", "7", "6", "5", "2", "1"]);
  read = 0;
  for await (const key of merged()) {
    expect(key).toBe("9");
    break;
  }
  expect(read).toBe(3);
});
