import { S3ServiceException } from "@aws-sdk/client-s3";

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

function statusOf(error: unknown): number | null {
  return error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? null) : null;
}
