import type { BlobFacts, BlobRef } from "../../jobs/ports/index.ts";

/** What S3 says of an object, in the words of a response or of a listing. */
interface Told {
  Size?: number | undefined;
  ContentLength?: number | undefined;
  ETag?: string | undefined;
  LastModified?: Date | undefined;
}

export function factsOf({ bucket, key }: BlobRef, told: Told): BlobFacts {
  // Headers know whole seconds; a listing may know more.
  const seconds = Math.floor((told.LastModified?.getTime() ?? 0) / 1000);
  return {
    bucket,
    key,
    size: told.Size ?? told.ContentLength ?? 0,
    etag: (told.ETag ?? "").replace(/^"(.*)"$/, "$1"),
    modifiedAt: new Date(seconds * 1000).toISOString(),
  };
}
