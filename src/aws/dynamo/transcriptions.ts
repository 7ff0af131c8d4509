import type { CreateOutcome } from "../../jobs/ports/index.ts";
import type { Transcription } from "../../jobs/transcription.ts";
import { addToCounts } from "./counts.ts";
import { type CreateOptions, create } from "./create.ts";
import {
  batchState,
  doneKeyOf,
  duePartition,
  itemKey,
  ownerPartition,
  skipKey,
  sortKey,
  transcriptionKey,
} from "./keys.ts";
import { getItem, type Item, parseRecord, queryItems, type Table } from "./table.ts";
import { usageWrites } from "./usage.ts";
import { absent, type Write, write } from "./write.ts";

export async function createTranscription(
  table: Table,
  record: Transcription,
  options: CreateOptions,
): Promise<CreateOutcome> {
  const writes: Write[] = [
    { Put: { Item: toItem(record), ConditionExpression: "attribute_not_exists(pk)" } },
  ];
  if (record.batchId !== null) writes.push(absent(skipKey(record.batchId, record.id)));
  const identities = writes.length;
  writes.push(...doneWrites(null, record), ...usageWrites(null, record));
  if (record.batchId !== null) {
    const { batchId, state, id } = record;
    writes.push(addToCounts(batchId, id, { [state]: 1 }), placeInBatch(record, batchId));
  }
  const otherwise = () => new Error(`There is no batch ${record.batchId} to count in`);
  return create(table, writes, options, identities, otherwise);
}

export async function getTranscription(table: Table, id: string): Promise<Transcription | null> {
  const item = await getItem(table, transcriptionKey(id));
  return item && parseRecord(item);
}

/** Owner, batch and time of creation are those of the record's creation for good. */
export async function saveTranscription(
  table: Table,
  before: Transcription,
  after: Transcription,
): Promise<boolean> {
  if (after.revision !== before.revision + 1)
    throw new Error(
      `Transcription ${before.id}: revision ${after.revision} does not follow ${before.revision}`,
    );
  const writes: Write[] = [
    {
      Put: {
        Item: toItem(after),
        ConditionExpression: "revision = :revision",
        ExpressionAttributeValues: { ":revision": before.revision },
      },
    },
    ...doneWrites(before, after),
    ...usageWrites(before, after),
  ];
  const { batchId, id, state } = before;
  if (batchId !== null && after.state !== state) {
    const seconds = after.state === "completed" ? (after.audio?.duration ?? 0) : 0;
    const differences = { [state]: -1, [after.state]: 1, ...(seconds > 0 && { audioSeconds: seconds }) };
    writes.push(addToCounts(batchId, id, differences), placeInBatch(after, batchId));
  }
  const failed = await write(table, writes);
  if (failed.size > 0 && !failed.has(0)) throw new Error(`There is no batch ${batchId} to count ${id} in`);
  return failed.size === 0;
}

/** The completed transcription that did this, if there is one. */
export async function findDone(table: Table, doneKey: string): Promise<string | null> {
  const query = {
    KeyConditionExpression: "pk = :pk",
    ExpressionAttributeValues: { ":pk": doneKeyOf(doneKey, "").pk },
    ConsistentRead: true,
    Limit: 1,
  };
  for await (const { sk } of queryItems(table, query)) return String(sk);
  return null;
}

/** With the keys that its state and due time give it in the indexes. */
export function toItem(record: Transcription): Item {
  const { id, owner, state, revision, dueAt } = record;
  const at = sortKey(record);
  return {
    ...transcriptionKey(id),
    revision,
    record: JSON.stringify(record),
    gsi1pk: ownerPartition(id, owner),
    gsi1sk: at,
    gsi2pk: ownerPartition(id, owner, state),
    gsi2sk: at,
    ...(dueAt !== null && { gsi3pk: duePartition(id), gsi3sk: `${dueAt}#${id}` }),
  };
}

/** Where the batch's lists find it: in its order and by its state. */
function placeInBatch(record: Transcription, batchId: string): Write {
  const key = itemKey(batchId, record);
  const { id, state } = record;
  return { Put: { Item: { ...key, id, gsi2pk: batchState(batchId, state), gsi2sk: key.sk } } };
}

/** One entry for each completed transcription with a `doneKey`: several may have done the same. */
function doneWrites(before: Transcription | null, after: Transcription): Write[] {
  const [was, is] = [before && doneKey(before), doneKey(after)];
  if (was === is) return [];
  return [
    ...(was === null ? [] : [{ Delete: { Key: doneKeyOf(was, after.id) } }]),
    ...(is === null ? [] : [{ Put: { Item: { ...doneKeyOf(is, after.id) } } }]),
  ];
}

function doneKey({ state, doneKey }: Transcription): string | null {
  return state === "completed" ? doneKey : null;
}
