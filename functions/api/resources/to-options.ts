import { DEFAULT_OPTIONS, type Hotword, type TranscriptionOptions } from "../../../src/jobs/transcription.ts";
import type { CreateTranscriptionBody } from "../schemas/create-transcription.ts";
import type { TranscriptionResource } from "../schemas/transcription.ts";

type OptionsResource = Pick<
  TranscriptionResource,
  | "language"
  | "channels"
  | "track"
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
  const { language, channels, track = null, hotwords, alternatives, wordTimestamps, formats } = options;
  const { formatText = true, punctuate, numerals, replace = [] } = options;
  return {
    ...{ language, channels, track, hotwords, alternatives, word_timestamps: wordTimestamps },
    format_text: formatText,
    punctuate: punctuate ?? formatText,
    numerals: numerals ?? formatText,
    ...{ replace, formats },
  };
}

/** What was not asked for is as the service has it by default. */
export function fromOptionsBody(body: OptionsBody): TranscriptionOptions {
  return {
    language: body.language ?? DEFAULT_OPTIONS.language,
    channels: body.channels ?? DEFAULT_OPTIONS.channels,
    track: body.track ?? null,
    hotwords: body.hotwords?.map(toHotword) ?? DEFAULT_OPTIONS.hotwords,
    alternatives: body.alternatives ?? DEFAULT_OPTIONS.alternatives,
    wordTimestamps: body.word_timestamps ?? DEFAULT_OPTIONS.wordTimestamps,
    formatText: body.format_text ?? true,
    punctuate: body.punctuate ?? null,
    numerals: body.numerals ?? null,
    replace: body.replace ?? [],
    formats: body.formats ?? DEFAULT_OPTIONS.formats,
  };
}

function toHotword({ phrase, boost }: { phrase: string; boost?: number | undefined }): Hotword {
  return { phrase, ...(boost !== undefined && { boost }) };
}
