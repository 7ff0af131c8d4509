import type { Owner } from "../owner.ts";
import type { Services } from "../services.ts";
import type { Webhook, WebhookAttempt } from "../webhook.ts";
import { type WebhookEvent, webhookBody } from "./event.ts";
import { WebhookBusyError, type WebhookPost, WebhookRefusedError } from "./post.ts";
import { retryAfterSeconds } from "./schedule.ts";
import { validSecrets } from "./secrets.ts";
import { signWebhook } from "./sign.ts";

/** `gone`: 410; no event is to go there any more. `refused`: the address may not be called. */
export type AttemptResult = "delivered" | "gone" | "refused" | "failed";

/** There was no room for the attempt: it is to be made later, and does not count. */
export const BUSY = "busy";

export interface Attempted {
  result: AttemptResult;
  attempt: WebhookAttempt;
  /** What the endpoint asked for; 0 where it did not. */
  retryAfterSeconds: number;
}

const MOST_ERROR_CHARACTERS = 300;

/** Sign the event with every valid secret of the owner and send it. Failure is a result, not an error. */
export async function attemptWebhook(
  { clock, allowLocalWebhooks }: Pick<Services, "clock" | "allowLocalWebhooks">,
  post: WebhookPost,
  { webhook, owner, event }: { webhook: Webhook; owner: Owner; event: WebhookEvent },
): Promise<Attempted | typeof BUSY> {
  const now = clock.now();
  const at = new Date(now).toISOString();
  const body = webhookBody(event);
  const secrets = validSecrets(owner, now).map(({ secret }) => secret);
  const headers = signWebhook(secrets, { id: webhook.eventId, at: now, body });
  try {
    const answer = await post({
      url: webhook.url,
      owner: owner.id,
      headers,
      body,
      allowLocal: allowLocalWebhooks(owner.id),
    });
    const { status } = answer;
    const result = resultOf(status);
    const error = result === "delivered" ? null : explain(status);
    const wait = result === "failed" ? retryAfterSeconds(answer.retryAfter, clock.now()) : 0;
    return { result, attempt: { at, status, error }, retryAfterSeconds: wait };
  } catch (error) {
    if (error instanceof WebhookBusyError) return BUSY;
    const result = error instanceof WebhookRefusedError ? "refused" : "failed";
    const message = error instanceof Error ? error.message : String(error);
    const attempt = { at, status: null, error: message.slice(0, MOST_ERROR_CHARACTERS) };
    return { result, attempt, retryAfterSeconds: 0 };
  }
}

function resultOf(status: number): AttemptResult {
  if (status >= 200 && status < 300) return "delivered";
  return status === 410 ? "gone" : "failed";
}

function explain(status: number): string {
  const redirect = status >= 300 && status < 400;
  return `The endpoint answered ${status}.${redirect ? " Redirects are not followed." : ""}`;
}
