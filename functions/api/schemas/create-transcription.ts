import { z } from "@hono/zod-openapi";
import type { Limits } from "../../../src/jobs/limits.ts";
import { TranscriptionId } from "./common.ts";
import { objectRef } from "./object-ref.ts";
import { optionMembers, webhookRequest } from "./options.ts";
import { remoteSource } from "./remote-source.ts";

/** `type/subtype`, with parameters: it becomes a header of the upload. */
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(; ?[\w-]+=[\w.+"-]+)*$/;

/** Of S3. */
const MOST_UPLOAD_BYTES = 5 * 1024 ** 4;

/** The body of POST /v1/transcriptions. */
export function createTranscriptionSchema(limits: Limits) {
  return z
    .strictObject({
      file_name: z.string().min(1).max(255).nullish().openapi({
        description: "Of the recording, for people; subtitles are saved under it.",
        example: "call-17.wav",
      }),
      content_type: z
        .string()
        .max(100)
        .regex(MEDIA_TYPE, "must be a media type, like audio/wav")
        .nullish()
        .openapi({
          description:
            "Of the recording. The upload must then be sent with it. What it really is, the service finds out.",
          example: "audio/wav",
        }),
      source: z
        .union([objectRef(), remoteSource(), sourceTranscription()])
        .nullish()
        .openapi({
          description:
            "An object that lies ready, in a bucket that your key may read; or a recording elsewhere on the web, which is fetched; or another transcription, whose recording is transcribed again. Without it: the recording will be uploaded.",
          example: { bucket: "recordings", key: "2026/call-17.wav" },
        }),
      upload: z
        .strictObject({
          size: z
            .int()
            .min(1)
            .max(MOST_UPLOAD_BYTES)
            .openapi({ description: "Bytes of the recording.", example: 400_000_000 }),
        })
        .nullish()
        .openapi({
          description:
            "To upload it in parts, each as often as it takes: for large recordings and bad lines. `upload.parts` of the answer says where to, and another call makes the recording of them.",
        }),
      webhook: webhookRequest().nullish().openapi({ description: "Where to tell of the end." }),
      ...optionMembers(limits),
    })
    .refine(({ source, upload }) => !source || !upload, {
      path: ["upload"],
      message: "goes without `source`",
    })
    .openapi("CreateTranscription", { example: { file_name: "call-17.wav", language: "en" } });
}

export type CreateTranscriptionBody = z.output<ReturnType<typeof createTranscriptionSchema>>;

function sourceTranscription() {
  return z
    .strictObject({
      transcription: z.string().max(100).openapi({
        description:
          "Its id. Its recording stays its own: when it is deleted before this one was begun, this one fails.",
        example: TranscriptionId,
      }),
    })
    .openapi("SourceTranscription");
}
