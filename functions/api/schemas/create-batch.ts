import { z } from "@hono/zod-openapi";
import type { Limits } from "../../../src/jobs/limits.ts";
import { MANIFEST_FORMATS } from "./batch.ts";
import { bucketName, objectRef } from "./object-ref.ts";
import { formats, optionMembers, webhookRequest } from "./options.ts";

const LONGEST_NAME = 200;

/** The body of POST /v1/batches. */
export function createBatchSchema(limits: Limits) {
  return z
    .strictObject({
      source: z.union([prefixSource(), manifestSource()]).openapi({
        description: "Either all objects under a prefix, or those that a manifest lists.",
        example: { bucket: "recordings", prefix: "2019/" },
      }),
      name: z
        .string()
        .min(1)
        .max(LONGEST_NAME)
        .nullish()
        .openapi({ description: "For people.", example: "Calls of 2019" }),
      force: z.boolean().optional().openapi({
        description: "Do again what this model version has done already. Default: false.",
      }),
      results: z
        .strictObject({
          place: z.enum(["batch", "beside"]).optional().openapi({
            description:
              "`batch`: under batches/{id}/results/ in the service's bucket. `beside`: next to each source. Default: batch.",
          }),
          formats: formats().optional().openapi({ description: "One file for each. Default: json." }),
        })
        .optional()
        .openapi({ description: "Files named for their sources, besides each transcription's own result." }),
      webhook: webhookRequest().nullish().openapi({ description: "Where to tell of the batch's end." }),
      ...optionMembers(limits),
    })
    .openapi("CreateBatch", {
      example: { name: "Calls of 2019", source: { bucket: "recordings", prefix: "2019/" } },
    });
}

export type CreateBatchBody = z.output<ReturnType<typeof createBatchSchema>>;

function prefixSource() {
  return z.strictObject({
    bucket: bucketName(),
    prefix: z.string().max(1024).openapi({ description: "Empty: the whole bucket.", example: "2019/" }),
  });
}

function manifestSource() {
  return z.strictObject({
    manifest: objectRef(),
    format: z.enum(MANIFEST_FORMATS),
    bucket: bucketName()
      .nullish()
      .openapi({ description: "Of the rows that name none. Default: each row names its own." }),
  });
}
