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

/** A bucket of such a name lies in that region, whatever moto thinks. */
const ELSEWHERE = /-in-(?<region>[a-z]{2}-[a-z]+-\d)$/;
const REGION = /\d{8}(?:\/|%2F)(?<region>[a-z0-9-]+)(?:\/|%2F)s3/;

/** Rules of S3 that moto does not know. */
export function refuseByRules(request: Received): Refusal | null {
  if (!isForS3(request)) return null;
  const { bucket, key } = placeOf(request);
  if (Buffer.byteLength(key) > MOST_KEY_BYTES)
    return { status: 400, code: "KeyTooLongError", message: "Your key is too long" };
  const { region } = ELSEWHERE.exec(bucket)?.groups ?? {};
  const signed = REGION.exec(`${request.headers.authorization ?? ""} ${request.target}`)?.groups?.region;
  if (region === undefined || signed === region) return null;
  return {
    status: 301,
    code: "PermanentRedirect",
    message: "The bucket you are attempting to access must be addressed using the specified endpoint.",
    headers: { "x-amz-bucket-region": region },
  };
}
