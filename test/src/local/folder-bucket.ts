import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { FolderBlobStore } from "../../../src/local/folder-blob-store.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { ManualClock } from "./manual-clock.ts";

export const SECRET = new Uint8Array(32).fill(7);

/** A store with the buckets `service` and `archive`, and other folders beside them that are no buckets. */
export async function folderBucket(baseUrl = () => "http://localhost") {
  const outside = await temporaryFolder();
  const buckets = new Map<string, string>();
  for (const bucket of ["service", "archive"]) {
    buckets.set(bucket, join(outside, bucket));
    await mkdir(join(outside, bucket));
  }
  const clock = new ManualClock();
  const folderOf = async (bucket: string) => buckets.get(bucket) ?? null;
  const blobs = new FolderBlobStore({ folderOf, uploads: { baseUrl, secret: SECRET }, clock });
  return { blobs, bucket: "service", folder: join(outside, "service"), outside, clock };
}
