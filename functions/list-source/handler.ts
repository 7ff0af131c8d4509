import * as z from "zod";
import { BlobNotFoundError, BlobUnreadableError } from "../../src/jobs/errors.ts";
import type { BlobFacts } from "../../src/jobs/ports/index.ts";
import type { Services } from "../../src/jobs/services.ts";

/** A page of a bucket's listing, or a whole manifest, of another region or account. */
const EVENT = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("far_prefix"),
    batch_id: z.string(),
    bucket: z.string(),
    prefix: z.string(),
    /** The last key of the page before; empty for the first. */
    after: z.string(),
    part: z.number(),
  }),
  z.object({
    kind: z.enum(["far_csv", "far_jsonl"]),
    batch_id: z.string(),
    bucket: z.string(),
    key: z.string(),
  }),
]);

export type ListSourceEvent = z.infer<typeof EVENT>;

/** Where the state machine finds it now. */
export type ListSourceAnswer =
  | { bucket: string; key: string; count: number; after: string; part: number; more: boolean }
  | { batch_id: string; kind: string; bucket: string; key: string };

export interface ListSourceOptions {
  /** In one page: what a few minutes are enough for. */
  mostObjects?: number;
}

const MOST_OBJECTS = 500_000;

/**
 * Step Functions reads lists in its own region and account only. This brings them into the service's bucket: objects
 * under a prefix page by page as JSON Lines, manifests as they are. May be repeated: a page is written anew.
 */
export function makeListSourceHandler(
  services: Services,
  { mostObjects = MOST_OBJECTS }: ListSourceOptions = {},
): (event: unknown) => Promise<ListSourceAnswer> {
  return async (event) => {
    const parsed = EVENT.safeParse(event);
    if (!parsed.success)
      throw new SourceUnreadable(
        "An S3 Inventory must lie in a bucket of the service's own account and region.",
      );
    return bring(services, parsed.data, mostObjects).catch((error: unknown) => {
      if (error instanceof BlobNotFoundError || error instanceof BlobUnreadableError)
        throw new SourceUnreadable(error.message);
      throw error;
    });
  };
}

async function bring(
  services: Services,
  source: ListSourceEvent,
  mostObjects: number,
): Promise<ListSourceAnswer> {
  const { blobs, bucket } = services;
  const folder = `batches/${source.batch_id}/source`;
  if (source.kind !== "far_prefix") {
    const kind = source.kind.slice("far_".length);
    const key = `${folder}/manifest.${kind}`;
    const { body } = await blobs.get({ bucket: source.bucket, key: source.key });
    await blobs.put({ bucket, key }, body);
    return { batch_id: source.batch_id, kind, bucket, key };
  }
  const page = new Page(blobs.list(source.bucket, source.prefix, source.after || undefined), mostObjects);
  const key = `${folder}/${String(source.part).padStart(5, "0")}.jsonl`;
  await blobs.put({ bucket, key }, page.lines());
  const { count, last, more } = page;
  return { bucket, key, count, after: last ?? source.after, part: source.part + 1, more };
}

/** By this name finish-listing knows that the source is at fault. Said in full, since bundles shorten names of classes. */
class SourceUnreadable extends Error {
  override readonly name = "SourceUnreadable";
}

/** Rows of so many objects, as enqueue-archive reads those of S3 itself. */
class Page {
  readonly #objects: AsyncIterable<BlobFacts>;
  readonly #most: number;
  count = 0;
  last: string | null = null;
  more = false;

  constructor(objects: AsyncIterable<BlobFacts>, most: number) {
    this.#objects = objects;
    this.#most = most;
  }

  async *lines(): AsyncGenerator<Uint8Array> {
    for await (const { key, size, etag } of this.#objects) {
      if (this.count === this.#most) {
        this.more = true;
        return;
      }
      this.count++;
      this.last = key;
      yield Buffer.from(`${JSON.stringify({ Key: key, Size: size, ETag: etag })}\n`);
    }
  }
}
