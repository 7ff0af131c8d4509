import type { FormatName } from "../../formats/index.ts";
import { type Batch, type BatchSource, NO_COUNTS } from "../batch.ts";
import { NotFoundError } from "../errors.ts";
import type { Caller } from "../owner.ts";
import { type Services, timestamp } from "../services.ts";
import type { TranscriptionOptions } from "../transcription.ts";
import { checkClip } from "../use-cases/check-clip.ts";
import { checkLanguage } from "../use-cases/check-language.ts";
import { earlierId, idempotencyRecord, replayedId } from "../use-cases/idempotency.ts";
import { newWebhook } from "../webhook.ts";
import { checkWebhookUrl } from "../webhooks/url.ts";
import { checkBatchSource, checkPlace } from "./check-source.ts";

export interface CreateBatchRequest {
  /** For people. */
  name: string | null;
  source: BatchSource;
  /** Of every item. */
  options: TranscriptionOptions;
  /** Do again what this model version has done already. */
  force: boolean;
  /** No formats: JSON. */
  results: { place: "batch" | "beside"; formats: FormatName[] };
  /** Of the batch, and of every item. */
  metadata: Record<string, string>;
  /** Of every item, after its end. */
  deleteAfterSeconds: number | null;
  /** Told of the batch's end, once. */
  webhookUrl: string | null;
}

export interface CreatedBatch {
  record: Batch;
  /** An earlier request with the same Idempotency-Key made it. */
  replayed: boolean;
}

/** Accept an archive and begin to read its list. Throws InvalidRequestError, IdempotencyKeyReusedError. */
export async function createBatch(
  services: Services,
  caller: Caller,
  request: CreateBatchRequest,
  idempotencyKey: string | null,
): Promise<CreatedBatch> {
  const { store, clock, log } = services;
  const earlier = await earlierId(services, caller, idempotencyKey, request, "ba");
  if (earlier !== null) return answerAgain(services, earlier);
  checkLanguage(services, request.options.language);
  checkClip(request.options);
  if (request.webhookUrl !== null)
    checkWebhookUrl(request.webhookUrl, { allowLocal: services.allowLocalWebhooks(caller.owner) });
  const record = newRecord(services, caller, request);
  await checkBatchSource(services, record);
  await checkPlace(services, record);
  const idempotency = await idempotencyRecord(services, caller, idempotencyKey, request, record.id);
  const outcome = await store.createBatch(record, {
    now: timestamp(clock),
    ...(idempotency && { idempotency }),
  });
  const replayed = replayedId(outcome, idempotency);
  if (replayed !== null) return answerAgain(services, replayed);
  log.info("batch.created", { id: record.id, owner: record.owner });
  await services.startListing(record.id);
  return { record, replayed: false };
}

/** The first request may have died before the listing began. */
async function answerAgain(services: Services, id: string): Promise<CreatedBatch> {
  const record = await services.store.getBatch(id);
  if (!record) throw new NotFoundError("batch", id);
  if (record.state === "listing") await services.startListing(id);
  return { record, replayed: true };
}

function newRecord({ ids, clock }: Services, { owner, keyId }: Caller, request: CreateBatchRequest): Batch {
  const { name, source, options, force, results, metadata, deleteAfterSeconds, webhookUrl } = request;
  const now = timestamp(clock);
  const formats: FormatName[] = results.formats.length > 0 ? [...new Set(results.formats)] : ["json"];
  return {
    id: ids.create("ba"),
    owner,
    keyId,
    revision: 1,
    state: "listing",
    createdAt: now,
    times: { listing: now },
    name,
    source,
    options,
    metadata,
    force,
    results: { place: results.place, formats },
    deleteAfterSeconds,
    listing: { cursor: null, done: false },
    counts: NO_COUNTS,
    audioSeconds: 0,
    error: null,
    summaryKey: null,
    webhook: webhookUrl === null ? null : newWebhook(webhookUrl, ids.create("ev")),
  };
}
