import type { Received } from "./canonical.ts";
import type { Refusal } from "./verify.ts";

const MOST_KEY_BYTES = 1024;

export function isForS3({ target, headers }: Received): boolean {
  return /\/s3\/aws4_request/.test(headers.authorization ?? "") || /%2Fs3%2Faws4_request/.test(target);
}

/** `/bucket/key?query`, as clients with path style address an object. */
export function placeOf({ target }: Received): { bucket: string; key: string } {
  const [path] = target.split("?");
  const [, bucket, ...key] = path.split("/").map(decodeURIComponent);
  return { bucket, key: key.join("/") };
}

/** Rules of S3 that moto does not know. */
export function refuseByRules(request: Received): Refusal | null {
  if (!isForS3(request) || Buffer.byteLength(placeOf(request).key) <= MOST_KEY_BYTES) return null;
  return { status: 400, code: "KeyTooLongError", message: "Your key is too long" };
}
