/** What became of one request. */
export interface Taken {
  allowed: boolean;
  retryAfterSeconds: number;
  /** Requests that would still be allowed now, about. */
  remaining: number;
  /** Seconds until all of them are there again. */
  resetSeconds: number;
}

export interface RateLimiter {
  /** Count one request of this key. */
  take(keyId: string): Promise<Taken>;
}
