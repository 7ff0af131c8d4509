import { parse } from "yaml";
import { PackError } from "../errors.ts";

/** What WeNet's train.yaml says that the graphs of its ONNX export do not. */
export interface WenetOptions {
  /** Units, sos and eos included; null in files that were written before training. */
  vocabularySize: number | null;
  blankId: number;
  /** Null where they are the last unit. */
  sosId: number | null;
  eosId: number | null;
  /** Feature frames per encoder frame. */
  subsampling: number;
  /** Fewest feature frames that give one encoder frame. */
  minFrames: number;
  ctcWeight: number;
  /** 0 where there is no right-to-left decoder. */
  reverseWeight: number;
}

type Mapping = Readonly<Record<string, unknown>>;

/** By `input_layer`; frames as the kernels and strides of wenet/transformer/subsampling.py make them. */
const SUBSAMPLING: Record<string, Pick<WenetOptions, "subsampling" | "minFrames">> = {
  conv2d: { subsampling: 4, minFrames: 7 },
  conv2d6: { subsampling: 6, minFrames: 11 },
  conv2d8: { subsampling: 8, minFrames: 15 },
};
/** Encoders that change the frame rate in their input layer only. */
const ENCODERS = ["conformer", "transformer", "branchformer", "e_branchformer"];
/** What our features are computed with, and what WeNet recognises with whatever the file says. */
const FBANK = { num_mel_bins: 80, frame_length: 25, frame_shift: 10, window_type: "povey" };
const WITHOUT_EFFECT = ["dither"];

/**
 * Read train.yaml, as wenet/utils/init_model.py and wenet/dataset do where a key is missing. Adds to `problems` every
 * option that the engine does not support. Throws PackError pack_invalid where the text is not a YAML mapping.
 */
export function readWenetOptions(text: string, problems: string[]): WenetOptions {
  const train = parseMapping(text, "train.yaml");
  const only = (path: string, fallback: unknown, ...allowed: unknown[]): unknown => {
    const value = at(train, path) ?? fallback;
    if (allowed.includes(value)) return value;
    problems.push(`${path}: ${JSON.stringify(value)} (supported: ${allowed.join(", ")})`);
    return allowed[0];
  };
  only("model", "asr_model", "asr_model");
  for (const key of ["predictor", "paraformer"]) {
    if (train[key] !== undefined) problems.push(`${key}: not a CTC and attention model`);
  }
  only("encoder", "conformer", ...ENCODERS);
  const decoder = only("decoder", "bitransformer", "bitransformer", "transformer");
  const layer = only("encoder_conf.input_layer", "conv2d", ...Object.keys(SUBSAMPLING));
  only("tokenizer", "char", "char", "bpe");
  only("input_dim", FBANK.num_mel_bins, FBANK.num_mel_bins);
  only("dataset_conf.feats_type", "fbank", "fbank");
  only("model_conf.apply_non_blank_embedding", false, false);
  only("dataset_conf.resample_conf.resample_rate", 16_000, 16_000);
  for (const [key, value] of Object.entries(FBANK)) only(`dataset_conf.fbank_conf.${key}`, value, value);
  for (const key of Object.keys(mapping(at(train, "dataset_conf.fbank_conf")))) {
    if (!(key in FBANK) && !WITHOUT_EFFECT.includes(key))
      problems.push(`dataset_conf.fbank_conf.${key}: unknown option`);
  }
  const special = mapping(at(train, "tokenizer_conf.special_tokens"));
  return {
    vocabularySize: integer(train.output_dim),
    blankId: integer(at(train, "ctc_conf.ctc_blank_id")) ?? integer(special["<blank>"]) ?? 0,
    sosId: integer(special["<sos>"]),
    eosId: integer(special["<eos>"]),
    ...SUBSAMPLING[String(layer)],
    ctcWeight: number(at(train, "model_conf.ctc_weight")) ?? 0.5,
    reverseWeight: decoder === "bitransformer" ? (number(at(train, "model_conf.reverse_weight")) ?? 0) : 0,
  };
}

/** What the export's own config.yaml says beside that; −1 in it means: as in train.yaml. Throws PackError pack_invalid. */
export function readExportOptions(text: string): {
  beam: number | null;
  ctcWeight: number | null;
  reverseWeight: number | null;
} {
  const config = parseMapping(text, "config.yaml");
  const weight = (key: string) => {
    const value = number(config[key]);
    return value !== null && value >= 0 ? value : null;
  };
  return {
    beam: integer(config.beam_size),
    ctcWeight: weight("ctc_weight"),
    reverseWeight: weight("reverse_weight"),
  };
}

function parseMapping(text: string, file: string): Mapping {
  try {
    // 1.1 is what PyYAML writes; tags of Python's own are read as what they tag.
    const content: unknown = parse(text, { version: "1.1", logLevel: "error" });
    if (typeof content === "object" && content !== null && !Array.isArray(content)) return content as Mapping;
  } catch (cause) {
    throw new PackError("pack_invalid", `${file} is not YAML: ${firstLine(cause)}`, { cause });
  }
  throw new PackError("pack_invalid", `${file} is not a YAML mapping.`);
}

function at(tree: Mapping, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => mapping(value)[key], tree);
}

function mapping(value: unknown): Mapping {
  return typeof value === "object" && value !== null ? (value as Mapping) : {};
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function integer(value: unknown): number | null {
  return Number.isInteger(value) ? (value as number) : null;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0];
}
