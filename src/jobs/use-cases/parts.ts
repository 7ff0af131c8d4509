import { ConflictError, DeletedError, ServiceError } from "../errors.ts";
import { transcribeMessage } from "../messages.ts";
import type { Caller } from "../owner.ts";
import { type Services, timestamp } from "../services.ts";
import { amend, type Transcription } from "../transcription.ts";
import { updateTranscription } from "../update.ts";
import { acceptUpload } from "../work/accept.ts";
import { findTranscription } from "./find.ts";

/** An upload that may be taken up again wherever it was left. */
export interface UploadInParts {
  /** Bytes of all of it. */
  size: number;
  /** Those that are not there yet: each is a PUT of `size` bytes from `offset` on, as often as it takes. */
  parts: { number: number; offset: number; size: number; url: string }[];
  /** ISO 8601 UTC. Ask for the upload again for URLs that are good for longer. */
  expiresAt: string;
}

/** S3 takes no less but for the last one. */
const LEAST_PART_BYTES = 16 * 1024 * 1024;
/** Their URLs must fit into an answer. */
const MOST_PARTS = 100;
/** S3's lifecycle rule forgets parts after seven days. */
const LONGEST_SECONDS = 6 * 24 * 3600;

interface WantedPart {
  number: number;
  offset: number;
  size: number;
}

/** The record of an upload of so many bytes, begun in the blob store. Throws ServiceError too_large. */
export async function withParts(
  { blobs, limits }: Services,
  record: Transcription,
  size: number,
): Promise<Transcription> {
  if (size > limits.uploadBytes)
    throw new ServiceError("too_large", `A recording may have ${limits.uploadBytes} bytes at most.`, {
      limit_bytes: limits.uploadBytes,
    });
  const type = record.contentType === null ? {} : { contentType: record.contentType };
  const uploadId = await blobs.parts.begin(record.source, type);
  const partBytes = Math.max(LEAST_PART_BYTES, Math.ceil(size / MOST_PARTS));
  return { ...record, parts: { uploadId, size, partBytes } };
}

/**
 * The caller's upload as it stands, with fresh URLs, whose time begins anew. Throws NotFoundError, DeletedError,
 * ConflictError not_in_parts, upload_over.
 */
export async function continueUpload(services: Services, caller: Caller, id: string): Promise<UploadInParts> {
  const record = await findTranscription(services, caller, id);
  partsOf(record);
  if (record.state !== "awaiting_upload") throw over(record);
  const { limits, clock } = services;
  const latest = new Date(Date.parse(record.createdAt) + LONGEST_SECONDS * 1000).toISOString();
  const [expiresAt] = [timestamp(clock, limits.uploadUrlSeconds), latest].sort();
  const dueAt = new Date(Date.parse(expiresAt) + limits.uploadGraceSeconds * 1000).toISOString();
  const updated = await updateTranscription(services.store, id, (current) =>
    current.state === "awaiting_upload" ? amend(current, { uploadExpiresAt: expiresAt, dueAt }) : null,
  );
  return signMissingParts(services, updated?.record ?? record, expiresAt);
}

export async function signMissingParts(
  services: Services,
  record: Transcription,
  expiresAt: string,
): Promise<UploadInParts> {
  const { uploadId, size, partBytes } = partsOf(record);
  const { missing } = await compare(services, record);
  const { parts } = services.blobs;
  const numbers = missing.map(({ number }) => number);
  const signed = await parts.sign(record.source, uploadId, numbers, { expiresAt, maxBytes: partBytes });
  const urls = new Map(signed.map(({ number, url }) => [number, url]));
  return { size, expiresAt, parts: missing.map((part) => ({ ...part, url: urls.get(part.number) ?? "" })) };
}

/**
 * Make the recording of its parts: it is queued then. Twice is no mistake. Throws NotFoundError, DeletedError,
 * ConflictError not_in_parts, parts_missing, upload_over.
 */
export async function completeUpload(services: Services, caller: Caller, id: string): Promise<Transcription> {
  const record = await findTranscription(services, caller, id);
  const { uploadId } = partsOf(record);
  if (record.state === "expired" || record.state === "canceled") throw over(record);
  if (record.state !== "awaiting_upload") return record;
  const { blobs, queues } = services;
  // An earlier try may have come as far as that.
  if (!(await blobs.head(record.source))) {
    const { missing, stored } = await compare(services, record);
    if (missing.length > 0) throw incomplete(missing);
    await blobs.parts.join(record.source, uploadId, stored);
  }
  const queued = await acceptUpload(services, record);
  if (queued.state === "queued")
    await queues[queued.queue].send(transcribeMessage(id), { owner: queued.owner });
  return queued;
}

/** What is there, as far as it is whole, and what is not. */
async function compare({ blobs }: Services, record: Transcription) {
  const { uploadId } = partsOf(record);
  const stored = (await blobs.parts.list(record.source, uploadId)) ?? [];
  const sizes = new Map(stored.map(({ number, size }) => [number, size]));
  const wanted = wantedParts(partsOf(record));
  return {
    stored: stored.filter(({ number }) => number <= wanted.length),
    missing: wanted.filter(({ number, size }) => sizes.get(number) !== size),
  };
}

/** An empty recording has one part, which is empty. */
function wantedParts({ size, partBytes }: NonNullable<Transcription["parts"]>): WantedPart[] {
  const count = Math.max(1, Math.ceil(size / partBytes));
  return Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    offset: index * partBytes,
    size: Math.min(partBytes, size - index * partBytes),
  }));
}

function partsOf(record: Transcription): NonNullable<Transcription["parts"]> {
  if (record.state === "deleted") throw new DeletedError(record.id);
  if (record.parts) return record.parts;
  throw new ConflictError(
    "not_in_parts",
    "It was not created to be uploaded in parts: give `upload.size` when you create it.",
  );
}

function incomplete(missing: readonly WantedPart[]): ConflictError {
  const numbers = missing.map(({ number }) => number);
  return new ConflictError(
    "parts_missing",
    `Parts are missing, or not as long as they should be: ${numbers}.`,
    {
      missing_parts: numbers,
    },
  );
}

function over({ state }: Transcription): ConflictError {
  return new ConflictError("upload_over", `Its status is ${state}: no upload is awaited.`, { status: state });
}
