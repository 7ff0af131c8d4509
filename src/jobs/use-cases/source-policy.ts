import { BlobUnreadableError, InvalidRequestError } from "../errors.ts";
import { inboxPrefix } from "../object-keys.ts";
import type { BlobFacts, BlobRef } from "../ports/blob-store.ts";
import type { Services } from "../services.ts";

/**
 * Whether this owner may have this object, or what lies under this prefix, read. Of the service's own bucket that is
 * inbox/{owner}/ alone: all else there may be another owner's. Throws InvalidRequestError, the same for buckets that
 * are not there and for those that are somebody else's.
 */
export async function checkSource(services: Services, owner: string, source: BlobRef): Promise<void> {
  const own = source.bucket === services.bucket && source.key.startsWith(inboxPrefix(owner));
  if (own || (source.bucket !== services.bucket && (await mayRead(services, owner, source.bucket)))) return;
  throw new InvalidRequestError(
    `The bucket ${source.bucket} is not a source that this key may read. Ask the operator to add it.`,
    { field: "source.bucket" },
  );
}

/** What is known of a source that a request names. Throws InvalidRequestError where it is not there, or cannot be looked at. */
export async function findSource(
  { blobs }: Pick<Services, "blobs">,
  source: BlobRef,
  field: string,
): Promise<BlobFacts> {
  try {
    const facts = await blobs.head(source);
    if (facts) return facts;
  } catch (error) {
    if (!(error instanceof BlobUnreadableError)) throw error;
    throw new InvalidRequestError(error.message, { field });
  }
  throw new InvalidRequestError(`There is no object ${source.bucket}/${source.key}.`, { field });
}

async function mayRead(services: Services, owner: string, bucket: string): Promise<boolean> {
  return (await services.sourceBuckets(owner)).includes(bucket);
}
