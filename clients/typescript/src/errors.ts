import type { components } from "./schema.d.ts";

export type Problem = components["schemas"]["Problem"];
export type Transcription = components["schemas"]["Transcription"];

/** The service said no, or something on the way to it did. */
export class ScriptoriumError extends Error {
  /** For programs: of the problem document, or `http_502` and the like where the answer was none. */
  readonly code: string;
  /** Of the answer. */
  readonly status: number;
  readonly problem: Problem | null;
  /** What a Retry-After header asked for; null: nothing. */
  readonly retryAfterSeconds: number | null;

  constructor(response: Response, problem: unknown) {
    const known = isProblem(problem) ? problem : null;
    super(known?.detail ?? `The server answered ${response.status}.`);
    this.name = "ScriptoriumError";
    this.code = known?.code ?? `http_${response.status}`;
    this.status = response.status;
    this.problem = known;
    const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
    this.retryAfterSeconds = Number.isFinite(seconds) ? seconds : null;
  }
}

/** It ended, and not as `completed`. `code` is the recording's: `unsupported_media`, `too_long`…, or the status. */
export class TranscriptionEndedError extends Error {
  readonly code: string;
  readonly transcription: Transcription;

  constructor(transcription: Transcription) {
    const { status, error } = transcription;
    super(error?.message ?? `The transcription ended as ${status}.`);
    this.name = "TranscriptionEndedError";
    this.code = error?.code ?? status;
    this.transcription = transcription;
  }
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "code" in value && "detail" in value;
}
