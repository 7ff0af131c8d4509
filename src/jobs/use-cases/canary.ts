import { inboxPrefix } from "../object-keys.ts";
import { type Services, timestamp } from "../services.ts";
import { eraseTranscription } from "./delete-transcription.ts";
import { loadTranscript } from "./read-transcript.ts";

/** Whose recordings the canary's are. */
export const CANARY = { owner: "canary", keyId: "" };

export interface CanaryReport {
  /** What was wrong with the recording before this one; null where nothing was, or there was none. */
  fault: string | null;
  /** From its arrival to its transcript; null where there is none. */
  seconds: number | null;
}

const LOOKED_AT = 20;

/**
 * See what became of the recording that was put into the canary's inbox the last time, which went all the way through the
 * service like anybody's, delete it, and put the next one there.
 */
export async function runCanary(services: Services, recording: Uint8Array): Promise<CanaryReport> {
  const { store, blobs, bucket, clock } = services;
  const { items } = await store.listTranscriptions({ owner: CANARY.owner, limit: LOOKED_AT });
  const earlier = items.filter(({ state }) => state !== "deleted");
  const report = earlier.length > 0 ? await look(services, earlier[0].id) : { fault: null, seconds: null };
  for (const { id } of earlier) await eraseTranscription(services, id);
  const key = `${inboxPrefix(CANARY.owner)}${timestamp(clock)}.wav`;
  await blobs.put({ bucket, key }, recording, { contentType: "audio/wav" });
  return report;
}

async function look(services: Services, id: string): Promise<CanaryReport> {
  const record = await services.store.getTranscription(id);
  const { state = "gone", times = {}, error = null } = record ?? {};
  if (state !== "completed")
    return { fault: `${id} is ${state}${error ? `: ${error.code}` : ""}`, seconds: null };
  const seconds = (Date.parse(times.completed ?? "") - Date.parse(times.queued ?? "")) / 1000;
  const { text } = await loadTranscript(services, id);
  return { fault: text.trim() === "" ? `The transcript of ${id} is empty` : null, seconds };
}
