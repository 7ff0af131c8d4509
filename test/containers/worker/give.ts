import { createBatch } from "../../../src/jobs/batches/create-batch.ts";
import { enqueueItems } from "../../../src/jobs/batches/enqueue-items.ts";
import { finishListing } from "../../../src/jobs/batches/finish-listing.ts";
import { makeS3Event } from "../../../src/jobs/s3-events.ts";
import type { TranscriptionOptions } from "../../../src/jobs/transcription.ts";
import { DEFAULT_OPTIONS } from "../../../src/jobs/transcription.ts";
import {
  type CreateTranscriptionRequest,
  createTranscription,
} from "../../../src/jobs/use-cases/create-transcription.ts";
import { transcriptionRequest } from "../../support/transcription-request.ts";
import { ARCHIVE, BUCKET, OWNER, type World } from "./world.ts";

/** Ways for recordings to come in. */

type Bytes = string | Uint8Array;
type Wishes = Partial<Omit<CreateTranscriptionRequest, "options">> & {
  options?: Partial<TranscriptionOptions>;
};

const CALLER = { owner: OWNER, keyId: "ke_1" };

export function request({ options, ...wishes }: Wishes = {}): CreateTranscriptionRequest {
  return transcriptionRequest({
    fileName: "talk one.wav",
    ...wishes,
    options: { ...DEFAULT_OPTIONS, ...options },
  });
}

/** Created and uploaded, its event on the way. Returns id and event. */
export async function upload(
  world: World,
  bytes: Bytes,
  wishes: Wishes = {},
): Promise<{ id: string; event: string }> {
  const { services } = world;
  const { record } = await createTranscription(services, CALLER, request(wishes), null);
  await services.blobs.put(record.source, bytes);
  const event = eventOf(record.source.key);
  await services.queues.transcribe.send(event);
  return { id: record.id, event };
}

/** Put under inbox/{owner}/. Returns its event, which is on the way. */
export async function dropInInbox({ services }: World, path: string, bytes: Bytes): Promise<string> {
  const key = `inbox/${OWNER}/${path}`;
  await services.blobs.put({ bucket: BUCKET, key }, bytes);
  const facts = await services.blobs.head({ bucket: BUCKET, key });
  const event = eventOf(key, facts?.etag ?? null);
  await services.queues.transcribe.send(event);
  return event;
}

/** From an object of the owner's own. */
export async function fromSource(
  world: World,
  key: string,
  bytes: Bytes,
  wishes: Wishes = {},
): Promise<string> {
  const { services } = world;
  await services.blobs.put({ bucket: ARCHIVE, key }, bytes);
  const source = { bucket: ARCHIVE, key };
  const { record } = await createTranscription(services, CALLER, request({ ...wishes, source }), null);
  return record.id;
}

/** A batch of these, listed to its end. Returns its id and those of its items. */
export async function batchOf(
  world: World,
  recordings: Record<string, Bytes>,
  webhookUrl: string | null = null,
): Promise<{ id: string; items: string[] }> {
  const { services } = world;
  for (const [key, bytes] of Object.entries(recordings))
    await services.blobs.put({ bucket: ARCHIVE, key }, bytes);
  const { record } = await createBatch(
    services,
    CALLER,
    {
      name: "tapes",
      source: { kind: "prefix", bucket: ARCHIVE, prefix: "" },
      options: DEFAULT_OPTIONS,
      force: true,
      results: { place: "batch", formats: ["text"] },
      metadata: {},
      deleteAfterSeconds: null,
      webhookUrl,
    },
    null,
  );
  const items = Object.keys(recordings).map((key) => ({ key, bucket: null, size: null, etag: null }));
  await enqueueItems(services, record.id, items);
  await finishListing(services, record.id);
  const page = await services.store.listTranscriptions({ owner: OWNER, batchId: record.id, limit: 1000 });
  return { id: record.id, items: page.items.map(({ id }) => id) };
}

function eventOf(key: string, etag: string | null = null): string {
  return makeS3Event({ bucket: BUCKET, key, size: null, etag, versionId: null }, "2026-03-01T12:00:00.000Z");
}
