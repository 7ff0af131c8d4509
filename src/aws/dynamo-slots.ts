import { randomUUID } from "node:crypto";
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { sha256Hex } from "../jobs/digest.ts";
import type { Clock, Slot, Slots, SlotsOptions } from "../jobs/ports/index.ts";
import { slotKey } from "./dynamo/keys.ts";
import { queryItems } from "./dynamo/table.ts";

export interface DynamoSlotsOptions extends SlotsOptions {
  client: DynamoDBDocumentClient;
  tableName: string;
  clock: Clock;
}

const TTL_SLACK_SECONDS = 3600;

/**
 * An item for each slot: a read tells which are taken, a conditional write takes one. Of a member there are never more
 * than there may be; of a group there may be one or two more, where processes take them at the same moment.
 */
export class DynamoSlots implements Slots {
  readonly #options: DynamoSlotsOptions;

  constructor(options: DynamoSlotsOptions) {
    this.#options = options;
  }

  async take(group: string, member: string): Promise<Slot | null> {
    const { client, tableName, clock, mostOfGroup, mostOfMember } = this.#options;
    const query = {
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": slotKey(group, "", 0).pk },
      ConsistentRead: true,
    };
    const items = await Array.fromAsync(queryItems({ client, name: tableName }, query));
    const taken = new Set(items.filter(({ until }) => Number(until) > clock.now()).map(({ sk }) => sk));
    if (taken.size >= mostOfGroup) return null;
    // Of any length and alphabet.
    const name = await sha256Hex(member);
    for (let index = 0; index < mostOfMember; index++) {
      if (taken.has(slotKey(group, name, index).sk)) continue;
      const slot = await this.#put(group, name, index);
      if (slot) return slot;
    }
    return null;
  }

  /** Null where somebody else was faster. */
  async #put(group: string, name: string, index: number): Promise<Slot | null> {
    const { client, tableName, clock, seconds } = this.#options;
    const key = slotKey(group, name, index);
    const holder = randomUUID();
    const until = clock.now() + seconds * 1000;
    const ttl = Math.ceil(until / 1000) + TTL_SLACK_SECONDS;
    const put = new PutCommand({
      TableName: tableName,
      Item: { ...key, holder, until, ttl },
      ConditionExpression: "attribute_not_exists(pk) OR #until <= :now",
      ExpressionAttributeNames: { "#until": "until" },
      ExpressionAttributeValues: { ":now": clock.now() },
    });
    if (!(await holds(client.send(put)))) return null;
    const free = new DeleteCommand({
      TableName: tableName,
      Key: key,
      ConditionExpression: "holder = :holder",
      ExpressionAttributeValues: { ":holder": holder },
    });
    return { release: async () => void (await holds(client.send(free))) };
  }
}

/** False where the condition of a write does not hold. */
async function holds(writing: Promise<unknown>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "ConditionalCheckFailedException") return false;
    throw error;
  }
}
