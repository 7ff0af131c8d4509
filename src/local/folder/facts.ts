import type { BigIntStats } from "node:fs";
import type { BlobFacts, BlobRef } from "../../jobs/ports/index.ts";

/** Each put makes a new file, so that its number tells apart what was written within one tick of the clock. */
export function factsOf({ bucket, key }: BlobRef, stats: BigIntStats): BlobFacts {
  return {
    bucket,
    key,
    size: Number(stats.size),
    etag: [stats.size, stats.mtimeNs, stats.ino].map((part) => part.toString(16)).join("-"),
    modifiedAt: new Date(Number(stats.mtimeMs)).toISOString(),
  };
}
