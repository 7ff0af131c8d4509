/**
 * The errors of the service. Each has a stable machine `code` and a sentence for people that names the remedy where
 * there is one; codes are part of the public contract (docs/api.md). What status HTTP gives them is not decided here.
 */
export class ServiceError extends Error {
  readonly code: string;
  /** Further members of the problem document: the state that stood in the way, the field at fault. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.details = details;
  }
}

/** The request makes no sense as it is; sending it again will not help. */
export class InvalidRequestError extends ServiceError {
  constructor(message: string, details: Record<string, unknown> = {}) {
    super("invalid_request", message, details);
  }
}

export class UnauthorizedError extends ServiceError {
  constructor(message: string) {
    super("unauthorized", message);
  }
}

/** The key is good, but not for this. */
export class ForbiddenError extends ServiceError {
  constructor(message: string) {
    super("forbidden", message);
  }
}

/** Unknown, or another owner's: the answer is the same. */
export class NotFoundError extends ServiceError {
  constructor(what: "transcription" | "batch" | "key", id: string) {
    super("not_found", `There is no ${what} ${id}.`);
  }
}

/** `not_completed`, `not_cancelable`, `no_webhook`, `parts_missing`, `not_in_parts`: the state of the thing does not allow it. */
export class ConflictError extends ServiceError {}

/** The transcription was deleted; only its tombstone is left. */
export class DeletedError extends ServiceError {
  constructor(id: string) {
    super("deleted", `Transcription ${id} was deleted, and its audio and transcript with it.`, {
      status: "deleted",
    });
  }
}

export class IdempotencyKeyReusedError extends ServiceError {
  constructor() {
    super(
      "idempotency_key_reused",
      "This Idempotency-Key was used for a different request. Use a new key for a new request.",
    );
  }
}

export class RateLimitedError extends ServiceError {
  readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds: number) {
    super("rate_limited", `Too many requests with this key. Try again in ${retryAfterSeconds} s.`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The cursor is not one of ours. */
export class InvalidCursorError extends InvalidRequestError {
  constructor() {
    super("`after` is not a cursor of this list. Use the `next` of the page before.", { field: "after" });
  }
}

/** The object is not there. */
export class BlobNotFoundError extends ServiceError {
  /** `key` null: not even the bucket is there. */
  constructor(bucket: string, key: string | null) {
    super(
      "not_found",
      key === null ? `There is no bucket ${bucket}.` : `There is no object ${bucket}/${key}.`,
    );
  }
}

/** The object may be there, but cannot be read until somebody changes something: trying again will not help. */
export class BlobUnreadableError extends ServiceError {
  constructor(code: "archived" | "access_denied", message: string) {
    super(code, message);
  }
}

/** An object longer than it may be. */
export class BlobTooLargeError extends ServiceError {
  constructor(mostBytes: number) {
    super("too_large", `The upload is larger than ${mostBytes} bytes.`, { limit_bytes: mostBytes });
  }
}

/** No room is left. Temporary: what was asked for can be asked for again. */
export class StorageFullError extends ServiceError {
  constructor(cause: unknown) {
    super("storage_full", "The service has no storage left. Try again later.", {}, { cause });
  }
}

/** The storage cannot be written to. Temporary as well: somebody has to mend it. */
export class StorageReadOnlyError extends ServiceError {
  constructor(cause: unknown) {
    super("storage_read_only", "The service cannot write to its storage. Try again later.", {}, { cause });
  }
}
