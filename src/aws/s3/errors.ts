import { InvalidObjectState, NoSuchBucket, S3ServiceException } from "@aws-sdk/client-s3";

/** The object exists already, where it had to be absent. */
export function isTaken(error: unknown): boolean {
  return statusOf(error) === 412;
}

/** Another write with the same condition is under way: whoever comes first has not been decided. */
export function isContended(error: unknown): boolean {
  return statusOf(error) === 409;
}

export function isMissing(error: unknown): boolean {
  return statusOf(error) === 404;
}

/** Also the answer about a missing object to those who may not list the bucket. */
export function isForbidden(error: unknown): boolean {
  return statusOf(error) === 403;
}

/** Of an archive storage class, and not restored. */
export function isArchived(error: unknown): error is InvalidObjectState {
  return error instanceof InvalidObjectState;
}

/** Where S3 says it: its answers to HEAD have no room for more than the status. */
export function isBucketMissing(error: unknown): boolean {
  return error instanceof NoSuchBucket;
}

/** The key itself is at fault: it has more than 1,024 bytes. */
export function isKeyTooLong(error: unknown): boolean {
  return error instanceof S3ServiceException && error.name === "KeyTooLongError";
}

function statusOf(error: unknown): number | null {
  return error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? null) : null;
}
