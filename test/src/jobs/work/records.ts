import type { Services } from "../../../../src/jobs/services.ts";
import type { Transcription } from "../../../../src/jobs/transcription.ts";
import type { Hold } from "../../../../src/jobs/work/index.ts";
import { aTranscription } from "../../../contract/records.ts";

export const HOLD: Hold = { worker: "worker-1", messageId: "message-1" };
export const OTHER: Hold = { worker: "worker-2", messageId: "message-2" };

/** Stored, as if it had just come about. */
export async function stored(
  services: Services,
  changes: Partial<Transcription> = {},
): Promise<Transcription> {
  const record = aTranscription(changes);
  await services.store.createTranscription(record, { now: record.createdAt });
  return record;
}

export async function read({ store }: Services, id: string): Promise<Transcription> {
  const record = await store.getTranscription(id);
  if (!record) throw new Error(`there is no ${id}`);
  return record;
}

/** Bodies of the messages that can be received now, and their number with those that wait for later. */
export async function waiting(
  services: Services,
  queue: "transcribe" | "archive" | "webhooks",
): Promise<string[]> {
  const messages = await services.queues[queue].receive({ most: 10, waitSeconds: 0, visibilitySeconds: 30 });
  return messages.map(({ body }) => body);
}
