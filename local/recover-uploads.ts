import type { BlobFacts } from "../src/jobs/ports/index.ts";
import { makeS3Event } from "../src/jobs/s3-events.ts";
import { type Services, timestamp } from "../src/jobs/services.ts";
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

/** A crash may come between an upload and its event: announce those that are there and still awaited. */
export async function recoverUploads(services: Services): Promise<void> {
  for await (const facts of services.blobs.list(services.bucket, "uploads/")) {
    const id = facts.key.split("/")[1];
    const record = await services.store.getTranscription(id);
    if (record?.state === "awaiting_upload") await announceUpload(services, facts);
  }
}
