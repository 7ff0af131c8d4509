import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Clock, RateLimiter, Taken } from "../jobs/ports/index.ts";
import { rateKey } from "./dynamo/keys.ts";

export interface DynamoRateLimiterOptions {
  client: DynamoDBDocumentClient;
  tableName: string;
  requestsPerMinute: number;
  clock: Clock;
}

/** What this process may still let pass of a key's requests within a minute. */
interface Allowance {
  minute: number;
  left: number;
  /** Requests of this minute that were given out to all processes, as far as is known here. */
  given: number;
  /** All of the minute's requests are given out. */
  spent: boolean;
}

const MINUTE_MS = 60_000;
const TTL_SECONDS = 3600;
/** Of a minute's requests: one write pays for so many, and each process may waste as many. */
const SHARE = 100;
const MOST_KEYS = 1000;

/**
 * So many requests of a key in each minute of the clock, over all processes. They are taken from the table by the
 * block, so that most requests cost no write; a limit below 100 a minute is kept to the letter.
 */
export class DynamoRateLimiter implements RateLimiter {
  readonly #options: DynamoRateLimiterOptions;
  readonly #block: number;
  readonly #allowances = new Map<string, Allowance>();

  constructor(options: DynamoRateLimiterOptions) {
    this.#options = options;
    this.#block = Math.max(1, Math.floor(options.requestsPerMinute / SHARE));
  }

  async take(keyId: string): Promise<Taken> {
    const now = this.#options.clock.now();
    const minute = Math.floor(now / MINUTE_MS);
    const allowance = this.#allowanceOf(keyId, minute);
    if (allowance.left === 0 && !allowance.spent) await this.#fetch(keyId, allowance);
    const resetSeconds = Math.ceil(((minute + 1) * MINUTE_MS - now) / 1000);
    const allowed = allowance.left > 0;
    if (allowed) allowance.left--;
    const elsewhere = Math.max(0, this.#options.requestsPerMinute - allowance.given);
    return {
      allowed,
      retryAfterSeconds: allowed ? 0 : resetSeconds,
      remaining: allowance.left + elsewhere,
      resetSeconds,
    };
  }

  #allowanceOf(keyId: string, minute: number): Allowance {
    const known = this.#allowances.get(keyId);
    if (known?.minute === minute) return known;
    if (this.#allowances.size >= MOST_KEYS) this.#allowances.clear();
    const fresh = { minute, left: 0, given: 0, spent: false };
    this.#allowances.set(keyId, fresh);
    return fresh;
  }

  async #fetch(keyId: string, allowance: Allowance): Promise<void> {
    const { client, tableName, requestsPerMinute } = this.#options;
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: rateKey(keyId, allowance.minute),
        UpdateExpression: "ADD given :block SET #ttl = :ttl",
        ExpressionAttributeNames: { "#ttl": "ttl" },
        ExpressionAttributeValues: {
          ":block": this.#block,
          ":ttl": allowance.minute * 60 + TTL_SECONDS,
        },
        ReturnValues: "UPDATED_NEW",
      }),
    );
    const given = Number(Attributes?.given);
    const mine = Math.max(0, Math.min(this.#block, requestsPerMinute - (given - this.#block)));
    allowance.given = given;
    allowance.left += mine;
    allowance.spent = mine === 0;
  }
}
