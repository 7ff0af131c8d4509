import { ConflictError, DeletedError } from "../errors.ts";
import type { Caller } from "../owner.ts";
import { type Services, timestamp } from "../services.ts";
import { findBatch, findTranscription } from "../use-cases/find.ts";
import type { WebhookMessage } from "../webhook.ts";
import { sendPendingWebhook } from "./deliver.ts";
import { type WebhookSubject, webhookEvent } from "./event.ts";
import { changeWebhook } from "./subject.ts";

/**
 * Deliver the event once more, from the first delay of the schedule on, with the same `webhook-id`; to a disabled
 * endpoint too, which success enables again. Throws NotFoundError; ConflictError `no_webhook` where none was asked
 * for, `not_completed` while there is nothing to tell; DeletedError.
 */
export async function redeliverWebhook(
  services: Services,
  caller: Caller,
  { subject, id }: Pick<WebhookMessage, "subject" | "id">,
): Promise<WebhookSubject> {
  const find = subject === "transcription" ? findTranscription : findBatch;
  checkRedelivery(await find(services, caller, id), subject);
  const now = timestamp(services.clock);
  // Messages of the schedule so far are harmless: they name this attempt, or one that is over.
  const updated = await changeWebhook(services.store, subject, id, ({ disabledBy: _, ...webhook }) => ({
    ...webhook,
    state: "pending",
    nextAttemptAt: now,
    redeliveredFrom: webhook.attemptCount,
  }));
  const record = updated?.record ?? (await find(services, caller, id));
  checkRedelivery(record, subject);
  await sendPendingWebhook(services, subject, record);
  return record;
}

function checkRedelivery(record: WebhookSubject, subject: WebhookMessage["subject"]): void {
  const { id, state, webhook } = record;
  if (state === "deleted") throw new DeletedError(id);
  if (!webhook) throw new ConflictError("no_webhook", `The ${subject} ${id} was created without a webhook.`);
  if (!webhookEvent(record))
    throw new ConflictError(
      "not_completed",
      `The ${subject} ${id} is ${state}: there is no event to deliver.`,
      {
        status: state,
      },
    );
}
