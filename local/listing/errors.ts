import { ServiceError } from "../../src/jobs/errors.ts";

/** The list of a batch is not what it should be; reading it again will not help. */
export class ManifestError extends ServiceError {
  /** What is wrong and where, as the rest of a sentence. */
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super("invalid_manifest", `The manifest cannot be read: ${reason}`, {}, options);
    this.reason = reason;
  }
}
