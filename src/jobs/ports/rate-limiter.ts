export interface RateLimiter {
  /** Count one request of this key. */
  take(keyId: string): Promise<{ allowed: boolean; retryAfterSeconds: number }>;
}
