import { z } from "@hono/zod-openapi";
import { BATCH_STATES, NO_COUNTS } from "../../../src/jobs/batch.ts";
import { BatchId, FormatEnum, pageOf, Timestamp } from "./common.ts";
import { listed, optionAnswers, TranscriptionStatus } from "./transcription.ts";
import { WebhookSchema } from "./webhook.ts";

export const MANIFEST_FORMATS = ["csv", "jsonl", "s3_inventory"] as const;

const COUNTED = Object.keys(NO_COUNTS) as [keyof typeof NO_COUNTS, ...(keyof typeof NO_COUNTS)[]];

const CountsSchema = z
  .object({
    total: z.int().openapi({ description: "Items known so far: the sum of the others." }),
    ...(Object.fromEntries(COUNTED.map((name) => [name, z.int()])) as Record<
      (typeof COUNTED)[number],
      z.ZodInt
    >),
  })
  .openapi("BatchCounts", { description: "Items by their status; `skipped`: done before." });

const SourceSchema = z.union([
  z.object({ bucket: z.string(), prefix: z.string() }),
  z.object({
    manifest: z.object({ bucket: z.string(), key: z.string() }),
    format: z.enum(MANIFEST_FORMATS),
    bucket: z.string().nullable(),
  }),
]);

export const BatchSchema = z
  .object({
    id: z.string().openapi({ example: BatchId }),
    status: z.enum(BATCH_STATES).openapi({
      description:
        "`listing`: its source is still being read, while items are worked on. `processing`: all items are known. Then `completed`, or `canceling` and `canceled`. `failed`: the source could not be read.",
    }),
    created_at: Timestamp,
    times: z.partialRecord(z.enum(BATCH_STATES), Timestamp),
    name: z.string().nullable(),
    source: SourceSchema,
    force: z.boolean(),
    results: z.object({ place: z.enum(["batch", "beside"]), formats: z.array(FormatEnum) }),
    ...optionAnswers,
    metadata: z.record(z.string(), z.string()),
    delete_after_seconds: z.int().nullable(),
    counts: CountsSchema,
    left_out: z.record(z.string(), z.int()).nullable().openapi({
      description:
        "What its source holds besides recordings, by the reason (`other_extension`, `apple_double`, `symbolic_link`, `unreadable_name`, `hidden`, `no_file`); the summary names each. Null while the source is being read.",
    }),
    audio_seconds: z.number().openapi({ description: "Of completed items." }),
    progress: z.number().min(0).max(1),
    eta_seconds: z.number().nullable().openapi({ description: "Null while it cannot be told." }),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    webhook: z.union([WebhookSchema, z.null()]),
  })
  .openapi("Batch");

export const BatchPageSchema = pageOf(listed(BatchSchema, "ListedBatch"), "BatchPage");

/** A line of the summary. */
export const BatchItemSchema = z
  .object({
    source: z.string().openapi({ description: "bucket/key" }),
    id: z.string().nullable().openapi({ description: "Of the transcription; null where there is none." }),
    status: z.union([TranscriptionStatus, z.enum(["skipped", "left_out"])]),
    duration: z.number().nullable().openapi({ description: "Seconds of audio." }),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .openapi("BatchItem");

export type BatchResource = z.output<typeof BatchSchema>;
