import { FORMATS, type Transcript } from "../../formats/index.ts";
import type { Batch } from "../batch.ts";
import { batchResultRefs } from "../batches/results.ts";
import { resultKey } from "../object-keys.ts";
import { type Services, timestamp } from "../services.ts";
import { enter, type Transcription } from "../transcription.ts";
import { updateTranscription } from "../update.ts";
import { startedWebhook } from "../webhook.ts";
import { afterEnd, deletionDue, removeResults } from "./after-end.ts";
import { doneKey } from "./done-key.ts";
import { type Hold, holds } from "./hold.ts";

/** Kept in the record; the transcript has all of them. */
const MOST_WARNINGS = 20;

/**
 * Store the result, then say so in one write together with the batch's counters, then see to what follows. Every
 * step may be done again. False where it was no longer ours: then nothing is left behind.
 */
export async function complete(
  services: Services,
  claimed: Transcription,
  hold: Hold,
  transcript: Transcript,
): Promise<boolean> {
  const { store, clock } = services;
  const batch = claimed.batchId === null ? null : await store.getBatch(claimed.batchId);
  const results = await storeResults(services, claimed, transcript);
  if (batch) await storeForBatch(services, batch, claimed, transcript);
  const { name, version, device } = transcript.model;
  const done = await doneKey(claimed, { name, version });
  const updated = await updateTranscription(store, claimed.id, (record) => {
    if (!holds(record, hold)) return null;
    const now = timestamp(clock);
    return enter(record, "completed", now, {
      ...ended(record, services, now),
      progress: 1,
      model: { name, version, device },
      audio: audioSummary(transcript),
      language: transcript.language,
      warnings: (transcript.warnings ?? []).slice(0, MOST_WARNINGS),
      results,
      doneKey: done,
    });
  });
  if (!updated?.changed) {
    await removeOrphans(services, updated?.record ?? null, claimed);
    return false;
  }
  const { queued_ms, decode_ms, infer_ms, rtf } = transcript.timing;
  services.metrics.transcriptionEnded("completed");
  services.metrics.transcribed({
    audioSeconds: transcript.audio.duration,
    processingSeconds: (decode_ms + infer_ms) / 1000,
    queuedSeconds: queued_ms / 1000,
  });
  const { id, owner, batchId } = claimed;
  const audio_seconds = transcript.audio.duration;
  services.log.info("transcription.completed", {
    id,
    owner,
    batch_id: batchId,
    audio_seconds,
    queued_ms,
    rtf,
  });
  await afterEnd(services, updated.record);
  return true;
}

/** The recording is at fault, or was given up. False where it was no longer ours. */
export async function fail(
  services: Services,
  id: string,
  hold: Hold,
  error: { code: string; message: string },
): Promise<boolean> {
  return failWhere(services, id, error, (record) => holds(record, hold));
}

/** The same for one that nobody holds, or that may be taken from whoever does. */
export async function failWhere(
  services: Services,
  id: string,
  error: { code: string; message: string },
  mayFail: (record: Transcription) => boolean,
): Promise<boolean> {
  const updated = await updateTranscription(services.store, id, (record) => {
    if (!mayFail(record)) return null;
    const now = timestamp(services.clock);
    return enter(record, "failed", now, { ...ended(record, services, now), error });
  });
  if (!updated?.changed) return false;
  const { owner, batchId } = updated.record;
  services.metrics.transcriptionEnded("failed", error.code);
  services.log.warn("transcription.failed", { id, owner, batch_id: batchId, ...error });
  await afterEnd(services, updated.record);
  return true;
}

function ended(record: Transcription, { clock }: Services, now: string): Partial<Transcription> {
  return { lease: null, dueAt: deletionDue(record, clock), webhook: startedWebhook(record.webhook, now) };
}

async function storeResults(
  { blobs, bucket }: Services,
  { id, options }: Transcription,
  transcript: Transcript,
): Promise<string[]> {
  const formats = ["json" as const, ...options.formats.filter((format) => format !== "json")];
  for (const format of formats) {
    const { mediaType, render } = FORMATS[format];
    await blobs.put({ bucket, key: resultKey(id, format) }, render(transcript), { contentType: mediaType });
  }
  return formats.map((format) => resultKey(id, format));
}

async function storeForBatch(
  { blobs, bucket }: Services,
  batch: Batch,
  record: Transcription,
  transcript: Transcript,
): Promise<void> {
  for (const { format, ref } of await batchResultRefs(batch, record.source, bucket)) {
    const { mediaType, render } = FORMATS[format];
    await blobs.put(ref, render(transcript), { contentType: mediaType });
  }
}

/** Deleted or canceled while it was being worked on: what was stored just now must not outlive that. */
async function removeOrphans(
  services: Services,
  record: Transcription | null,
  claimed: Transcription,
): Promise<void> {
  // Another worker's result of the same recording is as good as ours, and may be what is stored.
  if (record?.state === "completed" || record?.state === "processing" || record?.state === "queued") return;
  await removeResults(services, claimed);
}

function audioSummary({ audio }: Transcript): NonNullable<Transcription["audio"]> {
  const { sha256, duration, sample_rate, channels, codec } = audio;
  return { sha256, duration, sampleRate: sample_rate, channels, codec };
}
