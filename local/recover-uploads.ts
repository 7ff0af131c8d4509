import { ConflictError, DeletedError } from "../src/jobs/errors.ts";
import type { BlobFacts } from "../src/jobs/ports/index.ts";
import { makeS3Event } from "../src/jobs/s3-events.ts";
import { type Services, timestamp } from "../src/jobs/services.ts";
import { mayArrive } from "../src/jobs/transcription.ts";
import { arrive } from "../src/jobs/work/index.ts";

/** What S3 and accept-arrivals do when an object has arrived. */
export async function announceUpload(
  services: Services,
  { bucket, key, size, etag }: BlobFacts,
): Promise<void> {
  await arrive(
    services,
    makeS3Event({ bucket, key, size, etag, versionId: null }, timestamp(services.clock)),
  );
}

/**
 * What follows from an upload before it is answered. Throws DeletedError, ConflictError not_awaited where nobody waits for
 * it any more: what came with it (`created`) is removed, as its sender is told that it is not kept.
 */
export async function receiveUpload(services: Services, facts: BlobFacts, created: boolean): Promise<void> {
  const id = facts.key.split("/")[1];
  const record = await services.store.getTranscription(id);
  if (record?.state === "deleted" || record?.state === "canceled") {
    if (created) await services.blobs.delete(facts);
    if (record.state === "deleted") throw new DeletedError(id);
    throw new ConflictError(
      "not_awaited",
      `Transcription ${id} was canceled: it awaits no upload any more.`,
      {
        current_status: record.state,
      },
    );
  }
  await announceUpload(services, facts);
}

/** A crash may come between an upload and its event: announce those that are there and still awaited. */
export async function recoverUploads(services: Services): Promise<void> {
  for await (const facts of services.blobs.list(services.bucket, "uploads/")) {
    const id = facts.key.split("/")[1];
    const record = await services.store.getTranscription(id);
    if (record && mayArrive(record.state)) await announceUpload(services, facts);
  }
}
