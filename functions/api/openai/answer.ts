import { deflateSync } from "node:zlib";
import { z } from "@hono/zod-openapi";
import {
  FORMATS,
  type Transcript,
  type TranscriptSegment,
  writtenWords,
} from "../../../src/formats/index.ts";
import type { WantedAnswer } from "./form.ts";

const usage = z.object({ type: z.literal("duration"), seconds: z.number() });

/** `json`. */
const PlainSchema = z.object({ text: z.string(), usage }).openapi("OpenAiTranscription");

const VerboseSchema = z
  .object({
    task: z.literal("transcribe"),
    language: z.string().openapi({ description: "Its English name.", example: "english" }),
    duration: z.number(),
    text: z.string(),
    segments: z
      .array(
        z.object({
          id: z.int(),
          seek: z.int(),
          start: z.number(),
          end: z.number(),
          text: z.string(),
          tokens: z.array(z.int()).openapi({ description: "Always empty: no vocabulary is shared." }),
          temperature: z.number(),
          avg_logprob: z.number().openapi({ description: "Logarithm of the segment's confidence." }),
          compression_ratio: z.number(),
          no_speech_prob: z.number().openapi({ description: "Always 0: silence is cut off beforehand." }),
        }),
      )
      .optional(),
    words: z.array(z.object({ word: z.string(), start: z.number(), end: z.number() })).optional(),
    usage,
  })
  .openapi("OpenAiVerboseTranscription");

export const AnswerSchema = z.union([PlainSchema, VerboseSchema]);

/** As OpenAI would answer. */
export function answerFor(transcript: Transcript, wanted: WantedAnswer): { body: string; type: string } {
  const { format } = wanted;
  if (format === "json") return json(plain(transcript));
  if (format === "verbose_json") return json(verbose(transcript, wanted));
  return { body: FORMATS[format].render(transcript), type: FORMATS[format].mediaType };
}

export function usageOf({ duration }: Transcript): z.output<typeof usage> {
  return { type: "duration", seconds: Math.ceil(duration) };
}

function plain(transcript: Transcript): z.output<typeof PlainSchema> {
  return { text: transcript.text, usage: usageOf(transcript) };
}

function verbose(transcript: Transcript, { words, segments }: WantedAnswer): z.output<typeof VerboseSchema> {
  const { text, duration, language } = transcript;
  return {
    task: "transcribe",
    language: englishName(language),
    duration,
    text,
    ...(segments && { segments: transcript.segments.map(toSegment) }),
    ...(words && {
      words: transcript.segments.flatMap((segment) =>
        writtenWords(segment.words).map(({ text: word, start, end }) => ({ word, start, end })),
      ),
    }),
    usage: usageOf(transcript),
  };
}

function toSegment({ id, start, end, text, confidence }: TranscriptSegment) {
  const bytes = Buffer.from(text);
  return {
    id,
    seek: 0,
    start,
    end,
    text,
    tokens: [],
    temperature: 0,
    avg_logprob: confidence ? Math.log(confidence) : 0,
    compression_ratio: bytes.length / deflateSync(bytes).length,
    no_speech_prob: 0,
  };
}

function englishName(language: string): string {
  const [base] = language.split("-");
  return (new Intl.DisplayNames(["en"], { type: "language" }).of(base) ?? language).toLowerCase();
}

function json(value: unknown): { body: string; type: string } {
  return { body: JSON.stringify(value), type: "application/json" };
}
