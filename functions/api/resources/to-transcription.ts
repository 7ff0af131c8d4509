import type { SignedUpload } from "../../../src/jobs/ports/index.ts";
import { shownUrl, type Transcription } from "../../../src/jobs/transcription.ts";
import type { UploadInParts } from "../../../src/jobs/use-cases/parts.ts";
import type { TranscriptionResource, UploadInPartsResource } from "../schemas/transcription.ts";
import { toOptionsResource } from "./to-options.ts";
import { toWebhookResource } from "./to-webhook.ts";

export function toTranscriptionResource(
  record: Transcription,
  upload: SignedUpload | UploadInParts | null = null,
): TranscriptionResource {
  return {
    id: record.id,
    status: record.state,
    created_at: record.createdAt,
    times: record.times,
    progress: record.progress,
    file_name: record.fileName,
    content_type: record.contentType,
    source: toSource(record),
    ...toOptionsResource(record.options),
    language: record.options.language ?? record.language ?? null,
    metadata: record.metadata,
    batch_id: record.batchId,
    delete_after_seconds: record.deleteAfterSeconds,
    error: record.error,
    model: record.model,
    audio: toAudio(record.audio),
    warnings: (record.warnings ?? []).map(({ code, message, at }) => ({ code, message, at })),
    webhook: toWebhookResource(record.webhook),
    ...(upload && { upload: toUpload(upload) }),
  };
}

/** A key may tell of its content: of what was deleted it is not told any more. */
function toSource({
  source,
  sourceTranscription,
  remote,
  origin,
  state,
}: Transcription): TranscriptionResource["source"] {
  if (sourceTranscription !== undefined) return { transcription: sourceTranscription };
  if (remote) return { url: shownUrl(remote.url) };
  return origin === "upload" || origin === "url" || state === "deleted"
    ? null
    : { bucket: source.bucket, key: source.key };
}

function toAudio(audio: Transcription["audio"]): TranscriptionResource["audio"] {
  if (!audio) return null;
  const { duration, sha256, sampleRate, channels, codec } = audio;
  return { duration, sha256, sample_rate: sampleRate, channels, codec };
}

function toUpload(upload: SignedUpload | UploadInParts): NonNullable<TranscriptionResource["upload"]> {
  if ("parts" in upload) return toUploadInParts(upload);
  const { url, method, headers, expiresAt } = upload;
  return { url, method, headers, expires_at: expiresAt };
}

export function toUploadInParts({ size, parts, expiresAt }: UploadInParts): UploadInPartsResource {
  return { size, parts, expires_at: expiresAt };
}
