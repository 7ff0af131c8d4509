import { DEFAULT_OPTIONS, type Hotword, type TranscriptionOptions } from "../../../src/jobs/transcription.ts";
import type { CreateTranscriptionBody } from "../schemas/create-transcription.ts";
import type { TranscriptionResource } from "../schemas/transcription.ts";

type OptionsResource = Pick<
  TranscriptionResource,
  | "language"
  | "channels"
  | "track"
  | "start"
  | "end"
  | "hotwords"
  | "alternatives"
  | "word_timestamps"
  | "format_text"
  | "punctuate"
  | "numerals"
  | "replace"
  | "formats"
>;

type OptionsBody = Pick<CreateTranscriptionBody, keyof OptionsResource>;

export function toOptionsResource(options: TranscriptionOptions): OptionsResource {
  const { language, channels, track = null, start = null, end = null, hotwords } = options;
  const { alternatives, wordTimestamps, formats } = options;
  const { formatText = true, punctuate, numerals, replace = [] } = options;
  const clip = { start, end };
  return {
    language,
    channels,
    track,
    ...clip,
    hotwords,
    alternatives,
    word_timestamps: wordTimestamps,
    format_text: formatText,
    punctuate: punctuate ?? formatText,
    numerals: numerals ?? formatText,
    replace,
    formats,
  };
}

/** What was not asked for is as the service has it by default. */
export function fromOptionsBody(body: OptionsBody): TranscriptionOptions {
  return {
    language: body.language ?? DEFAULT_OPTIONS.language,
    channels: body.channels ?? DEFAULT_OPTIONS.channels,
    track: body.track ?? null,
    // Named only where they were asked for: requests are told apart by all that is in them.
    ...(typeof body.start === "number" && { start: body.start }),
    ...(typeof body.end === "number" && { end: body.end }),
    hotwords: body.hotwords?.map(toHotword) ?? DEFAULT_OPTIONS.hotwords,
    alternatives: body.alternatives ?? DEFAULT_OPTIONS.alternatives,
    wordTimestamps: body.word_timestamps ?? DEFAULT_OPTIONS.wordTimestamps,
    ...(body.format_text !== undefined && { formatText: body.format_text }),
    ...(body.punctuate !== undefined && { punctuate: body.punctuate }),
    ...(body.numerals !== undefined && { numerals: body.numerals }),
    ...(body.replace !== undefined && { replace: body.replace }),
    formats: body.formats ?? DEFAULT_OPTIONS.formats,
  };
}

function toHotword({ phrase, boost }: { phrase: string; boost?: number | undefined }): Hotword {
  return { phrase, ...(boost !== undefined && { boost }) };
}
