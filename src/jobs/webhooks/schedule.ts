import { sha256Hex } from "../digest.ts";
import { WEBHOOK_DELAYS_SECONDS, type Webhook } from "../webhook.ts";

/** Of each delay but the first: endpoints that failed together are not called again together. */
const MOST_JITTER = 0.2;
const MOST_RETRY_AFTER_SECONDS = 24 * 3600;

/** 0 to 1, the same for the same attempt of the same event: src/jobs has no randomness of its own. */
export async function jitterOf(eventId: string, attempt: number): Promise<number> {
  const digest = await sha256Hex(`${eventId}:${attempt}`);
  return Number.parseInt(digest.slice(0, 8), 16) / 0xffffffff;
}

/**
 * Seconds from the attempt that has just failed, number `webhook.attemptCount`, to the next one; null where there is
 * none. `jitter` 0 to 1; `retryAfter` is what the endpoint asked for.
 */
export function nextDelaySeconds(
  { attemptCount, redeliveredFrom }: Pick<Webhook, "attemptCount" | "redeliveredFrom">,
  jitter: number,
  retryAfterSeconds: number,
): number | null {
  const index = attemptCount + 1 - (redeliveredFrom ?? 0);
  if (index >= WEBHOOK_DELAYS_SECONDS.length) return null;
  const delay = WEBHOOK_DELAYS_SECONDS[index] * (1 + MOST_JITTER * jitter);
  return Math.max(delay, Math.min(retryAfterSeconds, MOST_RETRY_AFTER_SECONDS));
}

/** Seconds from `now` (ms) on that a `Retry-After` header asks for; 0 where it says nothing that can be read. */
export function retryAfterSeconds(header: string | null, now: number): number {
  const text = header?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text);
  // `Date.parse` takes almost anything for a date of some time zone; HTTP dates end in GMT.
  const date = / GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? 0 : Math.max(0, (date - now) / 1000);
}
