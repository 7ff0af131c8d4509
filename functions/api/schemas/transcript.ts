import { z } from "@hono/zod-openapi";
import { TranscriptionId } from "./common.ts";

const seconds = () => z.number().openapi({ description: "Seconds from the start of the recording." });
const confidence = () =>
  z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .openapi({ description: "Null where the model tells no probabilities." });

const WordSchema = z.object({
  word: z.string().openapi({ description: "As heard." }),
  display: z.string().optional().openapi({
    description:
      "As the text has it, with its marks; empty where it is written with the word before, as in numbers. Absent in older transcripts.",
  }),
  start: seconds(),
  end: seconds(),
  confidence: confidence(),
});

const SegmentSchema = z
  .object({
    id: z.int(),
    start: seconds(),
    end: seconds(),
    text: z.string(),
    confidence: confidence(),
    channel: z.int().optional().openapi({ description: "From 0; only with `channels: split`." }),
    words: z.array(WordSchema).openapi({ description: "Empty where no times were asked for." }),
    alternatives: z
      .array(z.object({ text: z.string(), confidence: confidence() }))
      .optional()
      .openapi({
        description: "As heard, the segment's own words first; only where more than one was asked for.",
      }),
  })
  .openapi("Segment", { description: "A stretch of speech." });

const ParagraphSchema = z
  .object({
    start: seconds(),
    end: seconds(),
    channel: z.int().optional(),
    sentences: z.array(z.object({ start: seconds(), end: seconds(), text: z.string() })),
  })
  .openapi("Paragraph", { description: "Sentences between longer pauses, or of one speaker's turn." });

/** As src/formats/transcript.ts has it. */
export const TranscriptSchema = z
  .object({
    id: z.string().openapi({ example: TranscriptionId }),
    model: z.object({ name: z.string(), version: z.string(), device: z.enum(["cpu", "webgpu", "cuda"]) }),
    duration: z.number().openapi({ description: "Seconds of audio." }),
    language: z.string(),
    text: z.string(),
    verbatim_text: z.string().optional().openapi({ description: "The words as they were heard." }),
    confidence: confidence(),
    channels: z.array(z.object({ channel: z.int(), text: z.string() })).optional(),
    segments: z.array(SegmentSchema),
    paragraphs: z.array(ParagraphSchema).optional().openapi({
      description: "Only where marks were put: without sentences there is nothing to divide.",
    }),
    audio: z.object({
      sha256: z.string(),
      duration: z.number(),
      sample_rate: z.number(),
      channels: z.int(),
      codec: z.string(),
      peaks: z.array(z.int().min(0).max(100)).optional().openapi({
        description:
          "To draw the sound: the largest sample of each of as many equal stretches, in percent of full scale. A thousand at most.",
      }),
    }),
    timing: z.object({
      queued_ms: z.number(),
      decode_ms: z.number(),
      infer_ms: z.number(),
      rtf: z.number().openapi({ description: "Seconds of work for a second of audio." }),
    }),
    warnings: z.array(z.object({ code: z.string(), message: z.string(), at: z.number() })).optional(),
  })
  .openapi("Transcript");
