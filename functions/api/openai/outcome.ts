import type { Transcript } from "../../../src/formats/index.ts";
import type { Services } from "../../../src/jobs/services.ts";
import { isTerminal, type Transcription } from "../../../src/jobs/transcription.ts";
import { loadTranscript } from "../../../src/jobs/use-cases/read-transcript.ts";
import { HttpProblemError, type ProblemCode } from "../problems.ts";

/** Clients of OpenAI send what failed again, recording and all, unless they are told not to. */
const FINAL = { "x-should-retry": "false" };

/** The transcript that was waited for. Throws HttpProblemError not_yet_completed, transcription_failed, not_completed. */
export async function outcomeOf(
  services: Services,
  record: Transcription,
  waitedSeconds: number,
): Promise<Transcript> {
  const { id, state, error } = record;
  if (state === "completed") return loadTranscript(services, id);
  if (!isTerminal(state))
    throw problem("not_yet_completed", record, {
      message: `It is not done after ${waitedSeconds} s, and goes on. Ask for it later: GET /v1/transcriptions/${id}, then GET /v1/transcriptions/${id}/transcript.`,
      details: { transcription_id: id },
    });
  if (error) throw problem("transcription_failed", record, { message: error.message, details: { error } });
  throw problem("not_completed", record, {
    message: `There is no transcript: the status is ${state}.`,
    details: {},
  });
}

function problem(
  code: ProblemCode,
  { id, state }: Transcription,
  { message, details }: { message: string; details: Record<string, unknown> },
): HttpProblemError {
  const headers = { ...FINAL, location: `/v1/transcriptions/${id}` };
  return new HttpProblemError(code, message, headers, { status: state, ...details });
}
