import { type Batch, type BatchSource, totalItems } from "../../../src/jobs/batch.ts";
import { batchProgress } from "../../../src/jobs/batches/progress.ts";
import type { BatchResource } from "../schemas/batch.ts";
import { toOptionsResource } from "./to-options.ts";
import { toWebhookResource } from "./to-webhook.ts";

/** `nowMs` is for the time that is left. */
export function toBatchResource(record: Batch, nowMs: number): BatchResource {
  const { progress, etaSeconds } = batchProgress(record, nowMs);
  return {
    id: record.id,
    status: record.state,
    created_at: record.createdAt,
    times: record.times,
    name: record.name,
    source: toSource(record.source),
    force: record.force,
    results: { place: record.results.place, formats: record.results.formats },
    ...toOptionsResource(record.options),
    metadata: record.metadata,
    delete_after_seconds: record.deleteAfterSeconds,
    counts: { total: totalItems(record.counts), ...record.counts },
    left_out: record.listing.leftOut ?? null,
    audio_seconds: record.audioSeconds,
    progress,
    eta_seconds: etaSeconds,
    error: record.error,
    webhook: toWebhookResource(record.webhook),
  };
}

function toSource(source: BatchSource): BatchResource["source"] {
  if (source.kind === "prefix") return { bucket: source.bucket, prefix: source.prefix };
  const { manifest, format, bucket } = source;
  return { manifest: { bucket: manifest.bucket, key: manifest.key }, format, bucket };
}
