import type { DuePage, DuePosition, Page, TranscriptionQuery } from "../../jobs/ports/index.ts";
import type { Transcription } from "../../jobs/transcription.ts";
import {
  batchState,
  duePartitions,
  idOf,
  itemKey,
  ownerPartitions,
  sortKey,
  transcriptionKey,
} from "./keys.ts";
import { mergeDescending } from "./merge.ts";
import { parseAfter, takePage } from "./page.ts";
import { getItems, type Item, parseRecord, queryItems, type Table } from "./table.ts";

/** Records that are fetched together by the ids of a list. */
const GROUP = 100;

/** Newest first. Throws InvalidCursorError. */
export async function listTranscriptions(
  table: Table,
  query: TranscriptionQuery,
): Promise<Page<Transcription>> {
  const before = beginOf(query);
  const { owner, state, limit } = query;
  const named = query.batchId === undefined ? ofOwner(table, query, before) : ofBatch(table, query, before);
  // Indexes may be a moment behind: what they name is looked at again.
  const isWanted = (record: Transcription) =>
    record.owner === owner && (state === undefined || record.state === state);
  return takePage("transcriptions", recordsOf(table, named, limit, isWanted), limit, sortKey);
}

async function* recordsOf(
  table: Table,
  ids: AsyncIterable<string>,
  limit: number,
  isWanted: (record: Transcription) => boolean,
): AsyncGenerator<Transcription> {
  for await (const group of groups(ids, Math.min(GROUP, limit + 1)))
    yield* (await readRecords(table, group)).filter(isWanted);
}

/** Ids, newest first. */
async function* ofOwner(
  table: Table,
  { owner, state, limit, createdFrom = "" }: TranscriptionQuery,
  before: string | null,
): AsyncGenerator<string> {
  const index = state === undefined ? "gsi1" : "gsi2";
  const shards = ownerPartitions(owner, state).map((partition) =>
    queryItems(table, newestFirst(index, partition, before, limit)),
  );
  for await (const item of mergeDescending(shards, (found) => String(found[`${index}sk`]))) {
    if (String(item[`${index}sk`]) < createdFrom) return;
    yield idOf(item.pk);
  }
}

/**
 * Ids likewise. A batch's summary must tell of every item as it ended: the order is read from the table itself, and the
 * records as they stand. By state there is an index only.
 */
async function* ofBatch(
  table: Table,
  { batchId = "", state, limit, createdFrom = "" }: TranscriptionQuery,
  before: string | null,
): AsyncGenerator<string> {
  const partition = itemKey(batchId, { createdAt: "", id: "" }).pk;
  const items =
    state === undefined
      ? queryItems(table, { ...newestFirst(null, partition, before, limit), ConsistentRead: true })
      : queryItems(table, newestFirst("gsi2", batchState(batchId, state), before, limit));
  // `time#id`.
  for await (const { sk } of items) {
    if (String(sk) < createdFrom) return;
    yield idOf(sk);
  }
}

/**
 * Earliest first. The index may be a moment behind: what it names is looked at again, so that there may be fewer than
 * `limit` although more are due.
 */
export async function dueTranscriptions(
  table: Table,
  now: string,
  limit: number,
  after?: DuePosition,
): Promise<DuePage> {
  const shards = await Promise.all(
    duePartitions().map((partition) => dueIn(table, partition, { now, limit, ...(after && { after }) })),
  );
  const earliest = shards
    .flat()
    .sort((a, b) => (String(a.gsi3sk) < String(b.gsi3sk) ? -1 : 1))
    .slice(0, limit);
  const records = await readRecords(
    table,
    earliest.map(({ pk }) => idOf(pk)),
  );
  const last = earliest.length === limit ? String(earliest.at(-1)?.gsi3sk) : null;
  return {
    items: records.filter(({ dueAt }) => dueAt !== null && dueAt <= now),
    next: last === null ? null : { dueAt: last.split("#")[0], id: last.split("#")[1] },
  };
}

async function dueIn(
  table: Table,
  partition: string,
  { now, limit, after }: { now: string; limit: number; after?: DuePosition },
): Promise<Item[]> {
  const query = {
    IndexName: "gsi3",
    KeyConditionExpression: "gsi3pk = :pk AND gsi3sk BETWEEN :begin AND :end",
    ExpressionAttributeValues: {
      ":pk": partition,
      // `!` comes before any letter or digit that an id could go on with, and `$` right after the `#` that ends a time.
      ":begin": after ? `${after.dueAt}#${after.id}!` : "!",
      ":end": `${now}$`,
    },
    Limit: limit,
  };
  const items: Item[] = [];
  for await (const item of queryItems(table, query)) if (items.push(item) === limit) break;
  return items;
}

/** The sort key, `time#id`, that a list begins below. A time comes before every sort key of that time. */
function beginOf({ createdBefore, after }: TranscriptionQuery): string | null {
  const cursor = parseAfter("transcriptions", after);
  if (createdBefore === undefined || cursor === null) return cursor ?? createdBefore ?? null;
  return cursor < createdBefore ? cursor : createdBefore;
}

/** `index` null: the table itself. One more than `limit` tells whether a page follows. */
function newestFirst(index: "gsi1" | "gsi2" | null, partition: string, before: string | null, limit: number) {
  const [pk, sk] = index === null ? ["pk", "sk"] : [`${index}pk`, `${index}sk`];
  return {
    ...(index !== null && { IndexName: index }),
    KeyConditionExpression: before === null ? `${pk} = :pk` : `${pk} = :pk AND ${sk} < :before`,
    ExpressionAttributeValues: { ":pk": partition, ...(before !== null && { ":before": before }) },
    ScanIndexForward: false,
    Limit: limit + 1,
  };
}

async function readRecords(table: Table, ids: readonly string[]): Promise<Transcription[]> {
  const items = await getItems(table, ids.map(transcriptionKey));
  return items.map(parseRecord<Transcription>);
}

async function* groups<Entry>(entries: AsyncIterable<Entry>, size: number): AsyncGenerator<Entry[]> {
  let group: Entry[] = [];
  for await (const entry of entries) {
    group.push(entry);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
