/** A recording that lies elsewhere cannot be fetched. Codes are part of the public contract (docs/api.md). */
export class RemoteError extends Error {
  readonly code: "not_found" | "access_denied" | "address_refused" | "too_large" | "source_unreachable";
  /** Trying again will not help. */
  readonly lasting: boolean;

  constructor(code: RemoteError["code"], message: string, lasting: boolean, options?: ErrorOptions) {
    super(message, options);
    this.name = "RemoteError";
    this.code = code;
    this.lasting = lasting;
  }

  /** The same, where there is no other try. */
  last(): RemoteError {
    return new RemoteError(this.code, this.message, true, { cause: this });
  }
}

/** Gone for the moment, as far as anyone can tell. */
export function unreachable(message: string, cause?: unknown): RemoteError {
  return new RemoteError("source_unreachable", message, false, { cause });
}
