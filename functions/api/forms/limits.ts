import { ServiceError } from "../../../src/jobs/errors.ts";

/** Of calls that take a recording and answer with its transcript. */
export interface FormLimits {
  /** Of the whole form. */
  mostBytes: number;
  /** For which the answer may be waited for. */
  waitSeconds: number;
}

/**
 * Lambda takes 6 MB as JSON, in which a form is base64: four bytes for three, beside headers of up to 10 KB and what API
 * Gateway adds. It waits for 29 s.
 */
export const LAMBDA_FORMS: FormLimits = { mostBytes: 4_500_000, waitSeconds: 25 };

export function formTooLarge(mostBytes: number): ServiceError {
  const detail = `This call takes ${mostBytes} bytes at most. For a larger recording create a transcription with POST /v1/transcriptions, then PUT the recording to its upload.url.`;
  return new ServiceError("too_large", detail, { limit_bytes: mostBytes });
}
