import { Readable } from "node:stream";
import {
  collect,
  type Progress,
  type RecognisedSegment,
  type Transcription as Recognition,
  RecordingError,
  type Transcriber,
} from "../../src/asr/index.ts";
import { buildTranscript, type Transcript } from "../../src/formats/index.ts";
import { BlobNotFoundError } from "../../src/jobs/errors.ts";
import type { Blob, BlobFacts, BlobRef } from "../../src/jobs/ports/index.ts";
import type { Services } from "../../src/jobs/services.ts";
import type { Transcription } from "../../src/jobs/transcription.ts";
import { unlessAborted, untilAborted } from "./abortable.ts";

export interface Transcribed {
  transcript: Transcript;
  /** Of the content that was read. */
  etag: string;
}

/**
 * Read a transcription's source and make its transcript. Throws RecordingError, EngineError, the signal's reason, and
 * whatever reading the source throws.
 */
export async function transcribeSource(
  services: Services,
  transcriber: Transcriber,
  record: Transcription,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (progress: Progress) => void },
): Promise<Transcribed> {
  const { uploadBytes, durationSeconds } = services.limits;
  const { channels, track, start, end, hotwords, alternatives } = record.options;
  const { formatText, punctuate, numerals, replace } = record.options;
  let etag = "";
  const source = Readable.from(read(services, record.source, signal, (facts) => (etag = facts.etag)));
  try {
    const recognition = transcriber.transcribe(source, {
      channels,
      ...(track && { track }),
      ...(start && { start }),
      ...(typeof end === "number" && { end }),
      hotwords,
      alternatives,
      ...(formatText !== undefined && { formatText }),
      ...(punctuate !== undefined && { punctuate }),
      ...(numerals !== undefined && { numerals }),
      ...(replace && { replace }),
      limits: { maxBytes: uploadBytes, maxSeconds: durationSeconds },
      signal,
      onProgress,
    });
    const segments = await collect(recognition);
    return { transcript: toTranscript(record, transcriber, recognition, segments), etag };
  } catch (error) {
    if (error instanceof BlobNotFoundError) throw new RecordingError("not_found", error.message);
    throw error;
  } finally {
    source.destroy();
  }
}

/**
 * Nothing is opened before the first byte is asked for, and what was opened is closed wherever the reading ends. Storage
 * that stalls does not keep the signal from ending it.
 */
async function* read(
  { blobs, limits }: Services,
  ref: BlobRef,
  signal: AbortSignal,
  onOpen: (facts: BlobFacts) => void,
): AsyncGenerator<Uint8Array> {
  const opening = blobs.get(ref);
  const { facts, body } = await unlessAborted(opening, signal).catch((error: unknown) => {
    opening.then(leave, () => {});
    throw error;
  });
  onOpen(facts);
  for await (const piece of untilAborted(body, signal)) {
    if (facts.size > limits.uploadBytes)
      throw new RecordingError("too_large", `The recording is larger than ${limits.uploadBytes} bytes.`);
    yield piece;
  }
}

/** Close what nobody is going to read: a body that was never begun has nothing to end by itself. */
async function leave({ body }: Blob): Promise<void> {
  try {
    for await (const _ of body) return;
  } catch {
    // It is closed.
  }
}

function toTranscript(
  { id, options, times }: Transcription,
  { model }: Transcriber,
  { audio, timing, warnings, peaks }: Recognition,
  segments: RecognisedSegment[],
): Transcript {
  const { name, version, device, languages } = model;
  const { queued, processing } = times;
  const queuedMs = queued && processing ? Math.max(0, Date.parse(processing) - Date.parse(queued)) : 0;
  return buildTranscript({
    id,
    model: { name, version, device },
    language: options.language ?? languages[0],
    channels: options.channels,
    wordTimes: options.wordTimestamps,
    segments,
    audio,
    timing: { queuedMs, decodeMs: timing.decodeMs, inferMs: timing.inferMs },
    warnings,
    peaks,
  });
}
