import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  type QueryCommandInput,
} from "@aws-sdk/lib-dynamodb";
import { backOff } from "../back-off.ts";
import type { Key } from "./keys.ts";

/** Whatever lies in the table; records are JSON documents in `record`. */
export type Item = Record<string, unknown>;

export interface Table {
  client: DynamoDBDocumentClient;
  name: string;
}

const MOST_KEYS = 100;

/** As it stands now, all writes before included. */
export async function getItem({ client, name }: Table, key: Key): Promise<Item | null> {
  const { Item } = await client.send(new GetCommand({ TableName: name, Key: key, ConsistentRead: true }));
  return Item ?? null;
}

/** As they stand now, in the order of their keys; those that are not there are left out. */
export async function getItems(table: Table, keys: readonly Key[]): Promise<Item[]> {
  const found = new Map<string, Item>();
  for (let from = 0; from < keys.length; from += MOST_KEYS)
    for (const item of await getGroup(table, keys.slice(from, from + MOST_KEYS)))
      found.set(nameOf(item), item);
  return keys.map((key) => found.get(nameOf(key))).filter((item) => item !== undefined);
}

async function getGroup({ client, name }: Table, keys: readonly Key[]): Promise<Item[]> {
  const items: Item[] = [];
  let wanted: Key[] = [...keys];
  for (let tries = 0; wanted.length > 0; tries++) {
    if (tries > 0) await backOff(tries);
    const request = { [name]: { Keys: wanted, ConsistentRead: true } };
    const { Responses, UnprocessedKeys } = await client.send(new BatchGetCommand({ RequestItems: request }));
    items.push(...(Responses?.[name] ?? []));
    wanted = (UnprocessedKeys?.[name]?.Keys ?? []) as Key[];
  }
  return items;
}

/** Everything that a query finds, page by page as it is asked for. */
export async function* queryItems(
  { client, name }: Table,
  query: Omit<QueryCommandInput, "TableName">,
): AsyncGenerator<Item> {
  for await (const page of paginateQuery({ client }, { TableName: name, ...query })) yield* page.Items ?? [];
}

export function parseRecord<Parsed>(item: Item): Parsed {
  return JSON.parse(String(item.record));
}

function nameOf({ pk, sk }: Item | Key): string {
  return `${pk}\n${sk}`;
}
