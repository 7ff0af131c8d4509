import { type Batch, type BatchItemSkip, isBatchOver } from "../../jobs/batch.ts";
import type { CreateOutcome, Page } from "../../jobs/ports/index.ts";
import { addToCounts, putCounts, sumCounts } from "./counts.ts";
import { type CreateOptions, create } from "./create.ts";
import { batchesOf, batchKey, idOf, OPEN_BATCHES, skipKey, sortKey, transcriptionKey } from "./keys.ts";
import { parseAfter, takePage } from "./page.ts";
import { type Item, parseRecord, queryItems, type Table } from "./table.ts";
import { absent, write } from "./write.ts";

export async function createBatch(
  table: Table,
  record: Batch,
  options: CreateOptions,
): Promise<CreateOutcome> {
  const { id, counts, audioSeconds } = record;
  const writes = [
    { Put: { Item: toItem(record), ConditionExpression: "attribute_not_exists(pk)" } },
    ...putCounts(id, counts, audioSeconds),
  ];
  return create(table, writes, options, 1, () => new Error(`The batch ${id} could not be created`));
}

/** The record and the shards of its counts lie side by side: one read for all. */
export async function getBatch(table: Table, id: string): Promise<Batch | null> {
  const query = {
    KeyConditionExpression: "pk = :pk",
    ExpressionAttributeValues: { ":pk": batchKey(id).pk },
    ConsistentRead: true,
  };
  const items = await Array.fromAsync(queryItems(table, query));
  const item = items.find(({ sk }) => sk === batchKey(id).sk);
  return item ? { ...parseRecord<Batch>(item), ...sumCounts(items.filter((other) => other !== item)) } : null;
}

export async function saveBatch(table: Table, before: Batch, after: Batch): Promise<boolean> {
  if (after.revision !== before.revision + 1)
    throw new Error(`Batch ${before.id}: revision ${after.revision} does not follow ${before.revision}`);
  const failed = await write(table, [
    {
      Put: {
        Item: toItem(after),
        ConditionExpression: "revision = :revision",
        ExpressionAttributeValues: { ":revision": before.revision },
      },
    },
  ]);
  return failed.size === 0;
}

/** Newest first, each with its counts as they stand. Throws InvalidCursorError. */
export async function listBatches(
  table: Table,
  { owner, limit, after }: { owner: string; limit: number; after?: string },
): Promise<Page<Batch>> {
  const before = parseAfter("batches", after);
  const found = queryItems(table, {
    IndexName: "gsi1",
    KeyConditionExpression: `gsi1pk = :pk${before === null ? "" : " AND gsi1sk < :before"}`,
    ExpressionAttributeValues: { ":pk": batchesOf(owner), ...(before !== null && { ":before": before }) },
    ScanIndexForward: false,
    Limit: limit + 1,
  });
  const { items, next } = await takePage("batches", found, limit, ({ gsi1sk }) => String(gsi1sk));
  return { items: await readBatches(table, items), next };
}

export async function openBatches(table: Table): Promise<Batch[]> {
  const query = {
    IndexName: "gsi2",
    KeyConditionExpression: "gsi2pk = :pk",
    ExpressionAttributeValues: { ":pk": OPEN_BATCHES },
  };
  const batches = await readBatches(table, await Array.fromAsync(queryItems(table, query)));
  return batches.filter(({ state }) => !isBatchOver(state));
}

export async function skipBatchItem(table: Table, skip: BatchItemSkip): Promise<boolean> {
  const { batchId, itemId } = skip;
  const failed = await write(table, [
    {
      Put: {
        Item: { ...skipKey(batchId, itemId), record: JSON.stringify(skip) },
        ConditionExpression: "attribute_not_exists(pk)",
      },
    },
    absent(transcriptionKey(itemId)),
    addToCounts(batchId, itemId, { skipped: 1 }),
  ]);
  if (failed.size > 0 && !failed.has(0) && !failed.has(1))
    throw new Error(`There is no batch ${batchId} to count an item of`);
  return failed.size === 0;
}

/** In the order of their item ids. Throws InvalidCursorError. */
export async function listBatchSkips(
  table: Table,
  batchId: string,
  limit: number,
  after?: string,
): Promise<Page<BatchItemSkip>> {
  const from = parseAfter("skips", after);
  const found = queryItems(table, {
    KeyConditionExpression: `pk = :pk${from === null ? "" : " AND sk > :after"}`,
    ExpressionAttributeValues: { ":pk": skipKey(batchId, "").pk, ...(from !== null && { ":after": from }) },
    ConsistentRead: true,
    Limit: limit + 1,
  });
  const { items, next } = await takePage("skips", found, limit, ({ sk }) => String(sk));
  return { items: items.map(parseRecord<BatchItemSkip>), next };
}

async function readBatches(table: Table, items: readonly Item[]): Promise<Batch[]> {
  const ids = items.map(({ pk }) => idOf(pk));
  const batches = await Promise.all(ids.map((id) => getBatch(table, id)));
  return batches.filter((batch) => batch !== null);
}

function toItem(record: Batch): Item {
  const { id, owner, state, revision } = record;
  const at = sortKey(record);
  return {
    ...batchKey(id),
    revision,
    record: JSON.stringify(record),
    gsi1pk: batchesOf(owner),
    gsi1sk: at,
    ...(!isBatchOver(state) && { gsi2pk: OPEN_BATCHES, gsi2sk: at }),
  };
}
