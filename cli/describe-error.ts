import { AsrError } from "../src/asr/index.ts";
import { ServiceError } from "../src/jobs/errors.ts";
import { CliError } from "./errors.ts";

type KnownError = AsrError | CliError | ServiceError;

/** An error that was foreseen: it has a code, and a sentence that is meant for the user. */
export function isKnownError(error: unknown): error is KnownError {
  return error instanceof AsrError || error instanceof CliError || error instanceof ServiceError;
}

/** What a user sees of an error: its code and its sentence. */
export function describeError(error: unknown): { code: string; message: string } {
  if (isKnownError(error)) return { code: error.code, message: error.message };
  return { code: "internal_error", message: error instanceof Error ? error.message : String(error) };
}
