import { amendBatch } from "../batch.ts";
import type { JobStore } from "../ports/job-store.ts";
import { amend } from "../transcription.ts";
import { type Updated, updateBatch, updateTranscription } from "../update.ts";
import type { Webhook, WebhookMessage } from "../webhook.ts";
import type { WebhookSubject } from "./event.ts";

type SubjectName = WebhookMessage["subject"];

export async function readSubject(
  store: JobStore,
  subject: SubjectName,
  id: string,
): Promise<WebhookSubject | null> {
  return subject === "transcription" ? store.getTranscription(id) : store.getBatch(id);
}

/** As `updateTranscription` and `updateBatch`, of the webhook alone. Nothing is done where the record has none. */
export async function changeWebhook(
  store: JobStore,
  subject: SubjectName,
  id: string,
  change: (webhook: Webhook) => Webhook | null,
): Promise<Updated<WebhookSubject> | null> {
  const changed = (current: Webhook | null) => {
    const webhook = current && change(current);
    return webhook && { webhook };
  };
  if (subject === "transcription")
    return updateTranscription(store, id, (record) => {
      const changes = changed(record.webhook);
      return changes && amend(record, changes);
    });
  return updateBatch(store, id, (record) => {
    const changes = changed(record.webhook);
    return changes && amendBatch(record, changes);
  });
}
