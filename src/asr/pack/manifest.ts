import { z } from "zod";

/** The version of the pack format this engine reads. Raised only when an older engine could not read the pack. */
export const PACK_FORMAT = 1;

const fileFactsSchema = z.object({ bytes: z.int().positive(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** A file of the folder itself: nothing that leads out of it. */
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const graphFile = z
  .string()
  .regex(FILE_NAME, "not a graph's file name")
  .endsWith(".onnx", "not a graph's file name");

/** `model.json` in snake_case, as written by the exporter. Unknown fields are allowed: they are facts for people. */
const fieldsSchema = z.looseObject({
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
    /** Prefixes that the search keeps; above `beam_candidates` it tries those candidates only. */
    beam: z.int().positive(),
    /** Hypotheses that are rescored, the best of the beam; all of it by default. */
    nbest: z.int().positive().optional(),
  }),
  /** An n-gram language model over the tokens, and how the search weighs it beside CTC. */
  language_model: z
    .looseObject({
      file: z.string().regex(FILE_NAME, "not a file's name"),
      weight: z.number().nonnegative(),
      /** Of the training texts' own frequencies, taken away again. */
      prior_weight: z.number().nonnegative(),
      /** Added to a prefix's log score for each token. */
      token_bonus: z.number(),
    })
    .optional(),
  /** Limits of the training data, in seconds: what the model has never seen it should not be given. */
  segmentation: z.looseObject({ max_seconds: z.number().min(1) }),
  /** Seconds between a word's sound and the tokens that stand for it: it begins before its first, and ends after its last. */
  word_times: z.object({ lead_seconds: z.number(), tail_seconds: z.number() }).optional(),
  /** Graphs that compute the same but are faster on one device, by its name: `{"cpu": {"encoder": "encoder.cpu.onnx"}}`. */
  variants: z
    .record(
      z.string(),
      z.object({
        frontend: graphFile.optional(),
        encoder: graphFile.optional(),
        decoder: graphFile.optional(),
      }),
    )
    .optional(),
  /** Every file of the pack but model.json, those included that a graph keeps its weights in. */
  files: z.record(z.string(), fileFactsSchema),
});

/** The description of a model of punctuation and capitals; a pack that lists it lists the rest of that model's files. */
export const PUNCTUATOR = "punctuator.json";
const PUNCTUATOR_FILES = [PUNCTUATOR, "punctuator.onnx", "punctuator.tokens.txt", "punctuator.words.txt"];
const REQUIRED_FILES = ["frontend.onnx", "encoder.onnx", "decoder.onnx", "tokens.txt"];

/** What can only be said of several fields together. */
export const manifestSchema = fieldsSchema.superRefine(({ files, variants, language_model }, context) => {
  const required = Object.hasOwn(files, PUNCTUATOR)
    ? [...REQUIRED_FILES, ...PUNCTUATOR_FILES]
    : REQUIRED_FILES;
  for (const name of required) {
    if (Object.hasOwn(files, name)) continue;
    const message = REQUIRED_FILES.includes(name) ? "every pack has this file" : `${PUNCTUATOR} needs it`;
    context.addIssue({ code: "custom", path: ["files", name], message });
  }
  for (const name of Object.keys(files)) {
    if (FILE_NAME.test(name)) continue;
    context.addIssue({
      code: "custom",
      path: ["files", name],
      message: "not the name of a file in the folder",
    });
  }
  if (language_model && !Object.hasOwn(files, language_model.file)) {
    const message = `${language_model.file} is not listed in files`;
    context.addIssue({ code: "custom", path: ["language_model", "file"], message });
  }
  for (const [device, graphs] of Object.entries(variants ?? {})) {
    for (const [graph, name] of Object.entries(graphs)) {
      if (name === undefined || Object.hasOwn(files, name)) continue;
      const message = `${name} is not listed in files`;
      context.addIssue({ code: "custom", path: ["variants", device, graph], message });
    }
  }
});

export type FileFacts = z.infer<typeof fileFactsSchema>;
export type PackManifest = z.infer<typeof manifestSchema>;

/** File names of the graphs to load. */
export interface PackGraphs {
  frontend: string;
  encoder: string;
  decoder: string;
}

/** The graphs every pack has. They run on every device. */
export const PLAIN_GRAPHS: PackGraphs = {
  frontend: "frontend.onnx",
  encoder: "encoder.onnx",
  decoder: "decoder.onnx",
};

/** The device's variant of each graph where the pack has one, else the plain graph. */
export function graphsFor({ variants }: PackManifest, device: string): PackGraphs {
  const { frontend, encoder, decoder } = variants && Object.hasOwn(variants, device) ? variants[device] : {};
  return {
    ...PLAIN_GRAPHS,
    ...(frontend && { frontend }),
    ...(encoder && { encoder }),
    ...(decoder && { decoder }),
  };
}

/** Bytes that these graphs take on disk, with everything that graphs may keep their weights in. */
export function bytesOf({ files, language_model }: PackManifest, graphs: PackGraphs): number {
  const used = new Set(Object.values(graphs));
  return Object.entries(files).reduce((sum, [name, { bytes }]) => {
    const unused = name.endsWith(".onnx") && !used.has(name);
    const elsewhere = name === language_model?.file || name.startsWith("punctuator.");
    return unused || elsewhere ? sum : sum + bytes;
  }, 0);
}
