import { AsrError } from "../asr/index.ts";

/** What a user sees of an error: its code and its sentence. */
export function describeError(error: unknown): { code: string; message: string } {
  if (error instanceof AsrError) return { code: error.code, message: error.message };
  return { code: "internal_error", message: error instanceof Error ? error.message : String(error) };
}
