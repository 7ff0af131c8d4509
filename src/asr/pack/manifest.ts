import { z } from "zod";

/** The version of the pack format this engine reads. Raised only when an older engine could not read the pack. */
export const PACK_FORMAT = 1;

const fileFacts = z.object({ bytes: z.int().positive(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** `model.json` in snake_case, as written by the exporter. Unknown fields are allowed: they are facts for people. */
export const manifestSchema = z.looseObject({
  format: z.literal(PACK_FORMAT),
  name: z.string().min(1),
  version: z.string().min(1),
  license: z.string().optional(),
  languages: z.array(z.string()).min(1),
  sample_rate: z.literal(16_000),
  feature_dim: z.int().positive(),
  /** Milliseconds between two feature frames. */
  frame_shift_ms: z.number().positive(),
  /** Feature frames per encoder frame. */
  subsampling: z.int().positive(),
  /** Samples of the shortest input that gives one encoder frame. */
  min_samples: z.int().positive(),
  vocabulary: z.object({
    size: z.int().positive(),
    kind: z.enum(["char", "bpe"]),
    space: z.string(),
    blank_id: z.int().nonnegative(),
    unk_id: z.int().nonnegative(),
    sos_id: z.int().nonnegative(),
    eos_id: z.int().nonnegative(),
  }),
  /** K of beam_log_probs: candidates per frame that the graph itself selects. */
  beam_candidates: z.int().positive(),
  defaults: z.object({
    ctc_weight: z.number().nonnegative(),
    reverse_weight: z.number().min(0).max(1),
    beam: z.int().positive(),
  }),
  /** Limits of the training data, in seconds: what the model has never seen it should not be given. */
  segmentation: z.looseObject({ max_seconds: z.number().min(1) }),
  files: z.object({
    "frontend.onnx": fileFacts,
    "encoder.onnx": fileFacts,
    "decoder.onnx": fileFacts,
    "tokens.txt": fileFacts,
  }),
});

export type PackManifest = z.infer<typeof manifestSchema>;
export type PackFile = keyof PackManifest["files"];
