import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { PutCommand, TransactWriteCommand, type TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import { backOff } from "../back-off.ts";
import type { Key } from "./keys.ts";
import type { Table } from "./table.ts";

type TransactItem = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];
type Named<Action> = Action extends object ? Omit<Action, "TableName"> : never;

/** One write of a transaction; the table is filled in. */
export type Write =
  | { Put: Named<NonNullable<TransactItem["Put"]>> }
  | { Update: Named<NonNullable<TransactItem["Update"]>> }
  | { Delete: Named<NonNullable<TransactItem["Delete"]>> }
  | { ConditionCheck: Named<NonNullable<TransactItem["ConditionCheck"]>> };

/** Nothing is written, but it must not be there. */
export function absent(Key: Key): Write {
  return { ConditionCheck: { Key, ConditionExpression: "attribute_not_exists(pk)" } };
}

/** Every one of these says that trying again may help: another transaction was at an item, or there were too many. */
const PASSING = new Set([
  "TransactionConflict",
  "ThrottlingError",
  "ProvisionedThroughputExceeded",
  "RequestLimitExceeded",
]);
const MOST_TRIES = 12;

/**
 * All of these writes or none. Returns which conditions did not hold, by the writes' numbers: none where all is
 * written. A single put needs no transaction, which costs twice as much. Throws what DynamoDB throws otherwise.
 */
export async function write(table: Table, writes: readonly Write[]): Promise<Set<number>> {
  for (let tries = 1; ; tries++) {
    try {
      await send(table, writes);
      return new Set();
    } catch (error) {
      const failed = failedConditions(error);
      if (failed && failed.size > 0) return failed;
      if (!isPassing(error) || tries === MOST_TRIES) throw error;
      await backOff(tries);
    }
  }
}

async function send({ client, name }: Table, writes: readonly Write[]): Promise<void> {
  const [first] = writes;
  if (writes.length === 1 && "Put" in first) {
    await client.send(new PutCommand({ TableName: name, ...first.Put }));
    return;
  }
  const TransactItems = writes.map((one) => {
    const [[action, what]] = Object.entries(one);
    return { [action]: { TableName: name, ...what } } as TransactItem;
  });
  await client.send(new TransactWriteCommand({ TransactItems }));
}

/** Null where it is no matter of conditions. */
function failedConditions(error: unknown): Set<number> | null {
  if (!(error instanceof Error)) return null;
  if (error.name === "ConditionalCheckFailedException") return new Set([0]);
  const codes = reasonsOf(error);
  return codes && new Set([...codes.keys()].filter((index) => codes[index] === "ConditionalCheckFailed"));
}

function isPassing(error: unknown): boolean {
  const isConflict = error instanceof Error && error.name === "TransactionConflictException";
  return isConflict || (reasonsOf(error)?.some((code) => PASSING.has(code)) ?? false);
}

/** Of each write of a canceled transaction; `None` where there was nothing wrong with it. */
function reasonsOf(error: unknown): string[] | null {
  if (!(error instanceof TransactionCanceledException)) return null;
  return (error.CancellationReasons ?? []).map(({ Code }) => Code ?? "None");
}
