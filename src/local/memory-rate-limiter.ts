import type { Clock, RateLimiter, Taken } from "../jobs/ports/index.ts";

export interface MemoryRateLimiterOptions {
  requestsPerMinute: number;
  clock: Clock;
  /** How many keys are remembered (default 10,000): the one not used for longest is forgotten first. */
  mostKeys?: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

const MINUTE_MS = 60_000;
const DEFAULT_MOST_KEYS = 10_000;

/** A token bucket for each key: it holds a minute's worth of requests and fills up evenly. Of this process alone. */
export class MemoryRateLimiter implements RateLimiter {
  readonly #perMinute: number;
  readonly #clock: Clock;
  readonly #mostKeys: number;
  /** In the order of their last use. */
  readonly #buckets = new Map<string, Bucket>();

  constructor({ requestsPerMinute, clock, mostKeys }: MemoryRateLimiterOptions) {
    this.#perMinute = requestsPerMinute;
    this.#clock = clock;
    this.#mostKeys = mostKeys ?? DEFAULT_MOST_KEYS;
  }

  async take(keyId: string): Promise<Taken> {
    const before = this.#refilled(keyId);
    const allowed = before >= 1;
    const tokens = allowed ? before - 1 : before;
    this.#remember(keyId, { tokens, at: this.#clock.now() });
    const secondsFor = (missing: number) => Math.ceil((missing * MINUTE_MS) / this.#perMinute / 1000);
    return {
      allowed,
      retryAfterSeconds: allowed ? 0 : Math.max(1, secondsFor(1 - tokens)),
      remaining: Math.floor(tokens),
      resetSeconds: secondsFor(this.#perMinute - tokens),
    };
  }

  #refilled(keyId: string): number {
    const bucket = this.#buckets.get(keyId);
    if (!bucket) return this.#perMinute;
    // A clock that was set back must not take tokens away.
    const passed = Math.max(0, this.#clock.now() - bucket.at);
    return Math.min(this.#perMinute, bucket.tokens + (passed * this.#perMinute) / MINUTE_MS);
  }

  #remember(keyId: string, bucket: Bucket): void {
    this.#buckets.delete(keyId);
    this.#buckets.set(keyId, bucket);
    if (this.#buckets.size <= this.#mostKeys) return;
    for (const oldest of this.#buckets.keys()) {
      this.#buckets.delete(oldest);
      break;
    }
  }
}
