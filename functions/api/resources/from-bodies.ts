import type { BatchSource } from "../../../src/jobs/batch.ts";
import type { CreateBatchRequest } from "../../../src/jobs/batches/create-batch.ts";
import type { CreateTranscriptionRequest } from "../../../src/jobs/use-cases/create-transcription.ts";
import type { CreateBatchBody } from "../schemas/create-batch.ts";
import type { CreateTranscriptionBody } from "../schemas/create-transcription.ts";
import { fromOptionsBody } from "./to-options.ts";

export function fromTranscriptionBody(body: CreateTranscriptionBody): CreateTranscriptionRequest {
  return {
    fileName: body.file_name ?? null,
    contentType: body.content_type ?? null,
    ...toRecording(body.source ?? null),
    ...(body.upload && { uploadSize: body.upload.size }),
    webhookUrl: body.webhook?.url ?? null,
    metadata: body.metadata ?? {},
    options: fromOptionsBody(body),
    deleteAfterSeconds: body.delete_after_seconds ?? null,
  };
}

export function fromBatchBody(body: CreateBatchBody): CreateBatchRequest {
  return {
    name: body.name ?? null,
    source: toSource(body.source),
    options: fromOptionsBody(body),
    force: body.force ?? false,
    results: { place: body.results?.place ?? "batch", formats: body.results?.formats ?? ["json"] },
    metadata: body.metadata ?? {},
    deleteAfterSeconds: body.delete_after_seconds ?? null,
    webhookUrl: body.webhook?.url ?? null,
  };
}

function toRecording(
  source: NonNullable<CreateTranscriptionBody["source"]> | null,
): Pick<CreateTranscriptionRequest, "source" | "remote" | "sourceTranscription"> {
  if (source === null || "bucket" in source) return { source };
  if ("url" in source) return { source: null, remote: { url: source.url, headers: source.headers ?? {} } };
  return { source: null, sourceTranscription: source.transcription };
}

function toSource(source: CreateBatchBody["source"]): BatchSource {
  if (!("manifest" in source)) return { kind: "prefix", bucket: source.bucket, prefix: source.prefix };
  const { manifest, format, bucket } = source;
  return { kind: "manifest", manifest, format, bucket: bucket ?? null };
}
