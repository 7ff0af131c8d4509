import { z } from "@hono/zod-openapi";
import { DEFAULT_OPTIONS } from "../../../src/jobs/transcription.ts";
import type { WantedOfRecording } from "../../../src/jobs/use-cases/receive-recording.ts";
import type { FormFields } from "../forms/open-form.ts";
import { validationError } from "../validation.ts";
import { hotwordsOf } from "./prompt.ts";

export const RESPONSE_FORMATS = ["json", "text", "srt", "verbose_json", "vtt"] as const;
const GRANULARITIES = ["word", "segment"] as const;

/** The transcript of a job that nobody may ever ask for by its id. */
const KEPT_SECONDS = 24 * 3600;
const MOST_KEPT_SECONDS = 10 * 365 * 24 * 3600;

const text = (most: number) => z.string().max(most).optional();
const ignored = (what: string) => text(10_000).openapi({ description: `Taken, and without effect: ${what}` });
const onlyDigits = z.string().regex(/^\d{1,9}$/, "must be a whole number from 0");

/** The fields of the form besides `file`, as OpenAI has them; each comes as text. */
const FIELDS = {
  model: text(200).openapi({
    description: "Any name, such as `whisper-1`: the service's own model does it.",
    example: "whisper-1",
  }),
  language: text(35).openapi({ description: "One of the model's. Default: its own.", example: "en" }),
  prompt: text(20_000).openapi({
    description:
      "A list of names and terms, between commas or on lines of their own, becomes hotwords. Any other text is without effect.",
  }),
  response_format: z.enum(RESPONSE_FORMATS).optional().openapi({ description: "Default: json." }),
  temperature: z
    .string()
    .regex(/^(0(\.\d+)?|1(\.0+)?|\.\d+)$/, "must be a number from 0 to 1")
    .optional()
    .openapi({
      type: "number",
      minimum: 0,
      maximum: 1,
      description: "Taken, and without effect: nothing here is drawn by lot.",
    }),
  timestamp_granularities: z.array(z.enum(GRANULARITIES)).optional().openapi({
    description:
      "With `verbose_json`: `word`, `segment` or both. Default: segment. Clients write it `timestamp_granularities[]`.",
  }),
  stream: z.enum(["true", "false"]).optional().openapi({
    type: "boolean",
    description:
      "Answer with server-sent events, with `response_format` json or text: the text of each segment, then the whole.",
  }),
  chunking_strategy: ignored("speech is always cut at its pauses."),
  include: z
    .array(z.string().max(100))
    .optional()
    .openapi({ description: "Taken, and without effect: there are no log probabilities of tokens." }),
  delete_after_seconds: onlyDigits
    .refine((value) => Number(value) <= MOST_KEPT_SECONDS, "must be at most ten years")
    .optional()
    .openapi({
      type: "integer",
      minimum: 0,
      maximum: MOST_KEPT_SECONDS,
      description:
        "Not of OpenAI: keep recording and transcript for so long. Default: the recording goes at the end, the transcript after a day.",
    }),
};

const SCHEMA = z.strictObject(FIELDS);

/** For the document alone: the form is not read whole, so that no validator may read it first. */
export const TranscriptionFormSchema = z
  .strictObject({ file: z.string().openapi({ format: "binary", description: "The recording." }), ...FIELDS })
  .openapi("TranscriptionForm");

export interface WantedAnswer {
  format: (typeof RESPONSE_FORMATS)[number];
  words: boolean;
  segments: boolean;
  stream: boolean;
}

const LISTS = ["timestamp_granularities", "include"];

/** Throws InvalidRequestError naming the field. `most`: hotwords at most. */
export function parseForm(fields: FormFields, most: number): WantedAnswer & WantedOfRecording {
  const given = [...fields].map(([name, values]) => [name, LISTS.includes(name) ? values : values.at(-1)]);
  const { success, data, error } = SCHEMA.safeParse(Object.fromEntries(given));
  if (!success) throw validationError(error);
  const { response_format: format = "json", timestamp_granularities: times = [], stream } = data;
  if (times.length > 0 && format !== "verbose_json")
    throw refused("timestamp_granularities", "goes with response_format verbose_json only");
  if (stream === "true" && format !== "json" && format !== "text")
    throw refused("stream", "goes with response_format json or text only");
  const { delete_after_seconds: kept, language, prompt } = data;
  return {
    format,
    words: times.includes("word"),
    segments: times.length === 0 || times.includes("segment"),
    stream: stream === "true",
    options: { ...DEFAULT_OPTIONS, language: language || null, hotwords: hotwordsOf(prompt ?? "", most) },
    deleteAfterSeconds: kept === undefined ? KEPT_SECONDS : Number(kept),
    keepAudio: kept !== undefined,
  };
}

function refused(field: string, message: string) {
  return validationError({ issues: [{ code: "custom", path: [field], message, input: undefined }] });
}
