import { DeletedError } from "../errors.ts";
import { transcribeMessage } from "../messages.ts";
import { uploadKey } from "../object-keys.ts";
import type { Caller } from "../owner.ts";
import type { BlobRef, SignedUpload } from "../ports/blob-store.ts";
import { type Services, timestamp } from "../services.ts";
import {
  NOT_BEGUN,
  REQUEUE_SECONDS,
  type RemoteSource,
  type Transcription,
  type TranscriptionOptions,
} from "../transcription.ts";
import { newWebhook } from "../webhook.ts";
import { checkWebhookUrl } from "../webhooks/url.ts";
import { checkClip } from "./check-clip.ts";
import { checkLanguage } from "./check-language.ts";
import { findRecordingOf } from "./find-earlier-recording.ts";
import { earlierId, idempotencyRecord, replayedId } from "./idempotency.ts";
import { signMissingParts, type UploadInParts, withParts } from "./parts.ts";
import { checkSource, findSource } from "./source-policy.ts";
import { withRemote } from "./with-remote.ts";

export interface CreateTranscriptionRequest {
  fileName: string | null;
  contentType: string | null;
  /** Null: the recording will be uploaded. */
  source: BlobRef | null;
  /** Where the recording is to be fetched from, in place of a source. */
  remote?: RemoteSource;
  /** Bytes of the recording, which will be uploaded in parts. */
  uploadSize?: number;
  /** The transcription whose recording is to be transcribed again, in place of a source. */
  sourceTranscription?: string;
  webhookUrl: string | null;
  metadata: Record<string, string>;
  options: TranscriptionOptions;
  deleteAfterSeconds: number | null;
}

export interface CreatedTranscription {
  record: Transcription;
  /** Where to put the recording; null where there is nothing to upload any more. */
  upload: SignedUpload | UploadInParts | null;
  /** An earlier request with the same Idempotency-Key made it. */
  replayed: boolean;
}

/** Accept a recording. Throws InvalidRequestError, IdempotencyKeyReusedError, DeletedError (a replay after deletion). */
export async function createTranscription(
  services: Services,
  caller: Caller,
  request: CreateTranscriptionRequest,
  idempotencyKey: string | null,
): Promise<CreatedTranscription> {
  const { store, clock, log } = services;
  const earlier = await earlierId(services, caller, idempotencyKey, request, "tr");
  if (earlier !== null) return answerAgain(services, earlier);
  checkLanguage(services, request.options.language);
  checkClip(request.options);
  if (request.webhookUrl !== null)
    checkWebhookUrl(request.webhookUrl, { allowLocal: services.allowLocalWebhooks(caller.owner) });
  const fresh = newRecord(services, caller, request);
  const idempotency = await idempotencyRecord(services, caller, idempotencyKey, request, fresh.id);
  const record = await withRecording(services, fresh, request);
  const outcome = await store.createTranscription(record, {
    now: timestamp(clock),
    ...(idempotency && { idempotency }),
  });
  const replayed = replayedId(outcome, idempotency);
  if (replayed !== null) return answerAgain(services, replayed);
  log.info("transcription.created", { id: record.id, owner: record.owner, state: record.state });
  return { record, upload: await hand(services, record), replayed: false };
}

/** The message or the URL by which the transcription goes on. */
async function hand(services: Services, record: Transcription): Promise<SignedUpload | UploadInParts | null> {
  if (record.state === "queued" && (record.origin === "source" || record.origin === "url"))
    await services.queues[record.queue].send(transcribeMessage(record.id), { owner: record.owner });
  if (record.state !== "awaiting_upload" || record.uploadExpiresAt === null) return null;
  if (record.parts) return signMissingParts(services, record, record.uploadExpiresAt);
  return services.blobs.createUploadUrl(record.source, {
    expiresAt: record.uploadExpiresAt,
    maxBytes: services.limits.uploadBytes,
    ...(record.contentType !== null && { contentType: record.contentType }),
  });
}

async function answerAgain(services: Services, id: string): Promise<CreatedTranscription> {
  const record = await services.store.getTranscription(id);
  if (!record || record.state === "deleted") throw new DeletedError(id);
  return { record, upload: await hand(services, record), replayed: true };
}

/** One that awaits its upload. */
export function newRecord(
  { ids, clock, bucket, limits }: Services,
  caller: Caller,
  request: CreateTranscriptionRequest,
): Transcription {
  const id = ids.create("tr");
  const now = timestamp(clock);
  const expiresAt = timestamp(clock, limits.uploadUrlSeconds);
  return {
    id,
    owner: caller.owner,
    keyId: caller.keyId,
    revision: 1,
    state: "awaiting_upload",
    createdAt: now,
    times: { awaiting_upload: now },
    source: { bucket, key: uploadKey(id, request.fileName) },
    sourceEtag: null,
    origin: "upload",
    fileName: request.fileName,
    contentType: request.contentType,
    uploadExpiresAt: expiresAt,
    options: request.options,
    metadata: request.metadata,
    deleteAfterSeconds: request.deleteAfterSeconds,
    dueAt: timestamp(clock, limits.uploadUrlSeconds + limits.uploadGraceSeconds),
    batchId: null,
    queue: "transcribe",
    ...NOT_BEGUN,
    webhook: request.webhookUrl === null ? null : newWebhook(request.webhookUrl, ids.create("ev")),
  };
}

/** The record as it begins: queued where its recording is there already. Throws InvalidRequestError. */
async function withRecording(
  services: Services,
  record: Transcription,
  { source, remote, sourceTranscription, uploadSize }: CreateTranscriptionRequest,
): Promise<Transcription> {
  if (uploadSize !== undefined) return withParts(services, record, uploadSize);
  if (remote) return withRemote(services, record, remote);
  if (sourceTranscription !== undefined) {
    const other = await findRecordingOf(services, record.owner, sourceTranscription);
    const fileName = record.fileName ?? other.fileName;
    return { ...queued(services, { ...record, fileName }, other), sourceTranscription };
  }
  if (!source) return record;
  await checkSource(services, record.owner, source);
  const facts = await findSource(services, source, "source");
  const fileName = record.fileName ?? source.key.split("/").at(-1) ?? null;
  return queued(
    services,
    { ...record, fileName },
    { source, sourceEtag: facts.etag, sourceBytes: facts.size },
  );
}

function queued(
  { clock }: Services,
  record: Transcription,
  { source, sourceEtag, sourceBytes }: Pick<Transcription, "source" | "sourceEtag" | "sourceBytes">,
): Transcription {
  return {
    ...record,
    state: "queued",
    times: { queued: record.createdAt },
    source,
    sourceEtag,
    sourceBytes: sourceBytes ?? null,
    origin: "source",
    uploadExpiresAt: null,
    dueAt: timestamp(clock, REQUEUE_SECONDS),
  };
}
