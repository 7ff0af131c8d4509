import { type Batch, NO_COUNTS } from "../../src/jobs/batch.ts";
import type { IdempotencyRecord, Page } from "../../src/jobs/ports/index.ts";
import { DEFAULT_OPTIONS, enter, type Transcription } from "../../src/jobs/transcription.ts";

/** Records for tests of stores. Ids count up, so that they sort as they were made. */

export const NOW = "2026-03-01T12:00:00.000Z";

let made = 0;

export function nextId(prefix: string): string {
  made++;
  return `${prefix}_${made.toString(16).padStart(32, "0")}`;
}

export function aTranscription(changes: Partial<Transcription> = {}): Transcription {
  const id = nextId("tr");
  return {
    id,
    owner: "ada",
    revision: 1,
    state: "queued",
    createdAt: NOW,
    times: { queued: NOW },
    source: { bucket: "service", key: `uploads/${id}/an interview – größer.wav` },
    sourceEtag: null,
    origin: "upload",
    fileName: "an interview – größer.wav",
    contentType: "audio/wav",
    uploadExpiresAt: null,
    options: { ...DEFAULT_OPTIONS, hotwords: [{ phrase: "Œuvre 🎙", boost: 1.5 }] },
    metadata: { "näme ": "value \u0000 \u{1f399} \"'", empty: "" },
    deleteAfterSeconds: null,
    dueAt: null,
    batchId: null,
    queue: "transcribe",
    progress: 0,
    attempts: 0,
    lease: null,
    error: null,
    model: null,
    audio: null,
    results: [],
    doneKey: null,
    webhook: null,
    ...changes,
  };
}

export function aBatch(changes: Partial<Batch> = {}): Batch {
  return {
    id: nextId("ba"),
    owner: "ada",
    revision: 1,
    state: "listing",
    createdAt: NOW,
    times: { listing: NOW },
    name: "Tapes of 1987",
    source: { kind: "prefix", bucket: "archive", prefix: "tapes/" },
    options: DEFAULT_OPTIONS,
    metadata: {},
    force: false,
    results: { place: "batch", formats: ["text"] },
    deleteAfterSeconds: null,
    listing: { cursor: null, done: false },
    counts: { ...NO_COUNTS },
    audioSeconds: 0,
    error: null,
    summaryKey: null,
    webhook: null,
    ...changes,
  };
}

export function anIdempotencyRecord(changes: Partial<IdempotencyRecord> = {}): IdempotencyRecord {
  return {
    owner: "ada",
    key: "a key",
    fingerprint: "f00d",
    subjectId: "tr_1",
    expiresAt: "2026-03-02T12:00:00.000Z",
    ...changes,
  };
}

/** The record completed, with so many seconds of audio. */
export function completed(
  record: Transcription,
  seconds: number,
  changes: Partial<Transcription> = {},
): Transcription {
  const audio = { sha256: "00", duration: seconds, sampleRate: 16000, channels: 1, codec: "pcm_s16le" };
  return enter(record, "completed", NOW, { audio, ...changes });
}

/** Every page from the first to the last. */
export async function allPages<Item>(list: (after?: string) => Promise<Page<Item>>): Promise<Item[][]> {
  const pages: Item[][] = [];
  for (let after: string | undefined; ; ) {
    const page = await list(after);
    pages.push(page.items);
    if (page.next === null) return pages;
    after = page.next;
  }
}
