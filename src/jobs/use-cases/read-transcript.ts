import { FORMATS, type FormatName, parseTranscript, type Transcript } from "../../formats/index.ts";
import { ConflictError, DeletedError } from "../errors.ts";
import { resultKey } from "../object-keys.ts";
import type { Caller } from "../owner.ts";
import type { BlobFacts, BlobRef } from "../ports/blob-store.ts";
import type { Services } from "../services.ts";
import type { Transcription } from "../transcription.ts";
import { getTranscription } from "./get-transcription.ts";

/** A transcript in one format, from its JSON. */
export type Render = (json: Uint8Array, format: FormatName) => Promise<string>;

/** Where a rendering lies in storage, and its text where that was at hand. */
export interface Rendered {
  /** Null where it was made just now and is stored nowhere. */
  facts: BlobFacts | null;
  text: string | null;
}

/** At once, which is fine for as long as the JSON is short. */
export const renderHere: Render = async (json, format) =>
  FORMATS[format].render(parseTranscript(new TextDecoder().decode(json)));

/** Throws NotFoundError, DeletedError, ConflictError not_completed with the status that it has instead. */
export async function findCompleted(services: Services, caller: Caller, id: string): Promise<Transcription> {
  const record = await getTranscription(services, caller, id);
  if (record.state === "deleted") throw new DeletedError(id);
  if (record.state === "completed") return record;
  const reason = record.error ? `: ${record.error.message}` : ".";
  throw new ConflictError("not_completed", `There is no transcript: the status is ${record.state}${reason}`, {
    status: record.state,
    ...(record.error && { error: record.error }),
  });
}

/**
 * A completed transcription's transcript in this format. One whose JSON is longer than `mostBytes` is looked for in storage,
 * and rendered by `render` and stored the first time, as reading and rendering it takes long. Throws BlobNotFoundError
 * where it was deleted meanwhile, DeletedError.
 */
export async function readTranscript(
  services: Services,
  { id, owner }: Transcription,
  format: FormatName,
  { mostBytes, render }: { mostBytes: number; render: Render },
): Promise<Rendered> {
  const { blobs, bucket } = services;
  const json = { bucket, key: resultKey(id) };
  const facts = await blobs.head(json);
  const isLong = (facts?.size ?? 0) > mostBytes;
  if (format === "json" && isLong) return { facts, text: null };
  if (!isLong) return { facts: null, text: await renderHere(await bytesOf(services, json), format) };
  const ref = { bucket, key: resultKey(id, format) };
  const stored = await blobs.head(ref);
  if (stored) return { facts: stored, text: null };
  const text = await render(await bytesOf(services, json), format);
  await blobs.put(ref, text, { contentType: FORMATS[format].mediaType });
  // Deleted meanwhile: what was stored just now must not outlive that.
  if ((await getTranscription(services, { owner, keyId: "" }, id)).state === "deleted") {
    await blobs.delete(ref);
    throw new DeletedError(id);
  }
  return { facts: await blobs.head(ref), text };
}

/** A completed transcription's transcript, to read on in the program. Throws BlobNotFoundError where it was deleted meanwhile. */
export async function loadTranscript(services: Services, id: string): Promise<Transcript> {
  const ref = { bucket: services.bucket, key: resultKey(id) };
  return parseTranscript(new TextDecoder().decode(await bytesOf(services, ref)));
}

async function bytesOf({ blobs }: Services, ref: BlobRef): Promise<Uint8Array<ArrayBuffer>> {
  const { body } = await blobs.get(ref);
  const chunks = await Array.fromAsync(body);
  return new Uint8Array(await new globalThis.Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}
