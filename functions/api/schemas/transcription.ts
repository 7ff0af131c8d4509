import { z } from "@hono/zod-openapi";
import { TRANSCRIPTION_STATES } from "../../../src/jobs/transcription.ts";
import { FormatEnum, pageOf, Timestamp, TranscriptionId } from "./common.ts";
import { WebhookSchema } from "./webhook.ts";

export const TranscriptionStatus = z.enum(TRANSCRIPTION_STATES).openapi({
  description:
    "`awaiting_upload`, `queued`, `processing`, then `completed`, `failed` or `canceled`; `expired`: it was never uploaded; `deleted`.",
});

/** How it is, or was, transcribed: members of transcriptions and batches. */
export const optionAnswers = {
  language: z.string().nullable(),
  channels: z.enum(["mix", "split"]),
  track: z.int().nullable(),
  start: z.number().nullable(),
  end: z.number().nullable(),
  hotwords: z.array(z.object({ phrase: z.string(), boost: z.number().optional() })),
  alternatives: z.int(),
  word_timestamps: z.boolean(),
  format_text: z.boolean(),
  punctuate: z.boolean(),
  numerals: z.boolean(),
  replace: z.array(z.object({ find: z.string(), with: z.string() })),
  formats: z.array(FormatEnum),
};

/** An item of a list, whose large members are left out. */
export function listed<Shape extends z.core.$ZodLooseShape>(item: z.ZodObject<Shape>, name: string) {
  // Not `extend`, which the document would show as "all of" the whole one.
  return z
    .object({
      ...item.shape,
      hotwords: optionAnswers.hotwords.optional(),
      replace: optionAnswers.replace.optional(),
      metadata: z.record(z.string(), z.string()).optional(),
      omitted: z
        .array(z.enum(["hotwords", "replace", "metadata"]))
        .optional()
        .openapi({
          description: "Members of more than 2,000 bytes, which lists leave out: get it by its id for them.",
        }),
    })
    .openapi(name);
}

const UploadSchema = z
  .object({
    url: z.string(),
    method: z.literal("PUT"),
    headers: z.record(z.string(), z.string()).openapi({ description: "To be sent with it as they are." }),
    expires_at: Timestamp,
  })
  .openapi("Upload", { description: "Where to PUT the recording: once, and without the API key." });

export const UploadInPartsSchema = z
  .object({
    size: z.int().openapi({ description: "Bytes of all of it." }),
    parts: z
      .array(
        z.object({
          number: z.int(),
          offset: z.int().openapi({ description: "Where it begins in the recording." }),
          size: z.int().openapi({ description: "Its bytes." }),
          url: z
            .string()
            .openapi({ description: "Where to PUT it, without the API key and any other header." }),
        }),
      )
      .openapi({ description: "Those that are not there yet." }),
    expires_at: Timestamp,
  })
  .openapi("UploadInParts", {
    description: "Where to PUT the parts of the recording: in any order, each as often as it takes.",
  });

const AudioSchema = z.object({
  duration: z.number().openapi({ description: "Seconds." }),
  sha256: z.string(),
  sample_rate: z.int().openapi({ description: "Hz." }),
  channels: z.int(),
  codec: z.string(),
});

export const TranscriptionSchema = z
  .object({
    id: z.string().openapi({ example: TranscriptionId }),
    status: TranscriptionStatus,
    created_at: Timestamp,
    times: z.partialRecord(z.enum(TRANSCRIPTION_STATES), Timestamp).openapi({
      description: "When each status was last entered.",
    }),
    progress: z.number().min(0).max(1),
    file_name: z.string().nullable(),
    content_type: z.string().nullable(),
    source: z
      .union([
        z.object({ bucket: z.string(), key: z.string() }),
        z.object({ url: z.string().openapi({ description: "Without its query." }) }),
        z.object({ transcription: z.string().openapi({ description: "Whose recording it is about." }) }),
      ])
      .nullable()
      .openapi({ description: "Null where the recording was uploaded." }),
    ...optionAnswers,
    metadata: z.record(z.string(), z.string()),
    batch_id: z.string().nullable(),
    delete_after_seconds: z.int().nullable(),
    error: z
      .object({ code: z.string(), message: z.string() })
      .nullable()
      .openapi({ description: "Why it failed." }),
    model: z.object({ name: z.string(), version: z.string(), device: z.string() }).nullable(),
    audio: AudioSchema.nullable(),
    warnings: z.array(z.object({ code: z.string(), message: z.string(), at: z.number() })).openapi({
      description:
        "The transcript's first ones: a `hotword_skipped` that cannot be spelled, a recording that is `truncated`…",
    }),
    webhook: z.union([WebhookSchema, z.null()]),
    download_url: z.url().optional().openapi({
      description:
        "Where to GET the transcript as JSON without the API key, for 15 minutes. In answers about a single one that is completed.",
    }),
    upload: z.union([UploadSchema, UploadInPartsSchema]).optional().openapi({
      description: "In answers to the creation alone, while the upload is awaited.",
    }),
  })
  .openapi("Transcription");

export const TranscriptionPageSchema = pageOf(
  listed(TranscriptionSchema, "ListedTranscription"),
  "TranscriptionPage",
);

export type UploadInPartsResource = z.output<typeof UploadInPartsSchema>;
export type TranscriptionResource = z.output<typeof TranscriptionSchema>;
