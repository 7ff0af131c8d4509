import { type Batch, unfinishedItems } from "../batch.ts";
import type { Services } from "../services.ts";
import type { Transcription } from "../transcription.ts";
import { webhookBody, webhookEvent } from "../webhooks/event.ts";

/**
 * Say on the bus of events, where there is one, that a transcription or a batch came to its end, as webhooks do. It may be
 * said more than once: `data.id` and `type` tell what is the same.
 */
export async function tellEnd({ queues }: Services, record: Transcription | Batch): Promise<void> {
  if (!queues.events || isUnsettled(record)) return;
  const event = webhookEvent(record);
  if (!event) return;
  const { owner } = record;
  const body = webhookBody({ ...event, data: { owner, ...event.data } });
  await queues.events.send(body, { owner });
}

/** A batch whose listing failed, or that was canceled, is over before its items are. */
function isUnsettled(record: Transcription | Batch): boolean {
  return "counts" in record && (unfinishedItems(record.counts) > 0 || record.summaryKey === null);
}
