import { type Batch, isBatchOver } from "../batch.ts";
import type { Transcription } from "../transcription.ts";
import { TOLD_STATES, type ToldState, type WebhookEventType } from "../webhook.ts";

/** What carries a webhook. */
export type WebhookSubject = Transcription | Batch;

/** The body of a webhook. Thin: what it tells of is fetched by its id. */
export interface WebhookEvent {
  type: WebhookEventType;
  /** When it happened, ISO 8601 UTC: the same over all attempts. */
  timestamp: string;
  data: Record<string, unknown>;
}

/** Bytes, exclusive. Standard Webhooks recommends less than 20 KB. */
export const EVENT_BYTES_LIMIT = 20_000;

/** What is to be told of this subject as it stands; null where nothing is (yet). */
export function webhookEvent(record: WebhookSubject): WebhookEvent | null {
  return isBatch(record) ? batchEvent(record) : transcriptionEvent(record);
}

/** As JSON, below the limit: large metadata is left out, and the event says so. */
export function webhookBody(event: WebhookEvent): string {
  const whole = JSON.stringify(event);
  if (new TextEncoder().encode(whole).length < EVENT_BYTES_LIMIT) return whole;
  const { metadata: _, ...data } = event.data;
  return JSON.stringify({ ...event, data: { ...data, metadata_omitted: true } });
}

function isBatch(record: WebhookSubject): record is Batch {
  return "counts" in record;
}

function transcriptionEvent(record: Transcription): WebhookEvent | null {
  const { id, state, times, batchId, metadata, error, audio, fileName } = record;
  if (!isTold(state)) return null;
  const data = {
    id,
    status: state,
    ...(batchId !== null && { batch_id: batchId }),
    file_name: fileName,
    ...(audio && { duration: audio.duration }),
    ...(error && { error }),
    metadata,
  };
  return { type: `transcription.${state}`, timestamp: times[state] ?? record.createdAt, data };
}

function isTold(state: Transcription["state"]): state is ToldState {
  return TOLD_STATES.some((told) => told === state);
}

/** One type for every end of a batch: `status` tells which. */
function batchEvent({ id, state, times, createdAt, counts, metadata }: Batch): WebhookEvent | null {
  if (!isBatchOver(state)) return null;
  return {
    type: "batch.completed",
    timestamp: times[state] ?? createdAt,
    data: { id, status: state, counts, metadata },
  };
}
