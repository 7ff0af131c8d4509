import { z } from "zod";
import { BATCH_STATES } from "../../src/jobs/batch.ts";
import { TRANSCRIPTION_STATES } from "../../src/jobs/transcription.ts";

/** What this client reads of the service's answers. Further members pass through, for `--json`. */

const fault = z.object({ code: z.string(), message: z.string() });

const webhookShape = z.looseObject({ url: z.string(), status: z.string() });

const wholeUpload = z.object({
  url: z.url(),
  method: z.literal("PUT"),
  headers: z.record(z.string(), z.string()),
});

export const uploadInParts = z.object({
  size: z.number(),
  parts: z.array(z.object({ number: z.number(), offset: z.number(), size: z.number(), url: z.url() })),
});

export const transcriptionShape = z.looseObject({
  id: z.string(),
  status: z.enum(TRANSCRIPTION_STATES),
  created_at: z.string(),
  progress: z.number(),
  file_name: z.string().nullable(),
  error: fault.nullable(),
  webhook: webhookShape.nullable(),
  upload: z.union([wholeUpload, uploadInParts]).optional(),
});
export type ApiTranscription = z.infer<typeof transcriptionShape>;
export type ApiUpload = z.infer<typeof wholeUpload>;
export type ApiUploadInParts = z.infer<typeof uploadInParts>;
export type ApiPart = ApiUploadInParts["parts"][number];

export const batchShape = z.looseObject({
  id: z.string(),
  status: z.enum(BATCH_STATES),
  created_at: z.string(),
  name: z.string().nullable(),
  counts: z.record(z.string(), z.number()),
  left_out: z.record(z.string(), z.number()).nullish(),
  audio_seconds: z.number(),
  progress: z.number(),
  eta_seconds: z.number().nullable(),
  error: fault.nullable(),
  webhook: webhookShape.nullable(),
});
export type ApiBatch = z.infer<typeof batchShape>;

export const webhookSecretsShape = z.object({
  data: z.array(
    z.looseObject({ secret: z.string(), created_at: z.string(), expires_at: z.string().nullable() }),
  ),
});
export type ApiWebhookSecret = z.infer<typeof webhookSecretsShape>["data"][number];

export const modelsShape = z.object({
  data: z.array(
    z.looseObject({
      name: z.string(),
      version: z.string(),
      languages: z.array(z.string()),
      license: z.string(),
      parameters: z.object({ total: z.number(), active: z.number() }).nullable(),
    }),
  ),
});
export type ApiModel = z.infer<typeof modelsShape>["data"][number];

export const keyShape = z.looseObject({
  id: z.string(),
  hint: z.string(),
  owner: z.string(),
  name: z.string(),
  admin: z.boolean(),
  created_at: z.string(),
  revoked_at: z.string().nullable(),
});
export type ApiKeySummary = z.infer<typeof keyShape>;

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), next: z.string().nullable() });
}
