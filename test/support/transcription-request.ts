import { DEFAULT_OPTIONS } from "../../src/jobs/transcription.ts";
import type { CreateTranscriptionRequest } from "../../src/jobs/use-cases/create-transcription.ts";

/** A request to upload a recording that asks for nothing in particular, but for `changes`. */
export function transcriptionRequest(
  changes: Partial<CreateTranscriptionRequest> = {},
): CreateTranscriptionRequest {
  return {
    fileName: "a.wav",
    contentType: null,
    source: null,
    webhookUrl: null,
    metadata: {},
    options: DEFAULT_OPTIONS,
    deleteAfterSeconds: null,
    ...changes,
  };
}
