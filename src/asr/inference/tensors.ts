import type { InferenceSession } from "onnxruntime-node";
import { PackError } from "../errors.ts";
import type { PackGraphs } from "../pack/manifest.ts";
import { IMPORT_INSTEAD } from "../pack/remedy.ts";

export type GraphName = keyof PackGraphs;

interface TensorNames {
  inputs: string[];
  outputs: string[];
  /** Inputs that a graph may lack. */
  optional?: string[];
}

/** Names of tensors by the pack's contract; those of the encoder are WeNet's own. */
const PACK: Record<GraphName, TensorNames> = {
  frontend: { inputs: ["waveform", "waveform_lens"], outputs: ["features", "feature_lens"] },
  encoder: {
    inputs: ["speech", "speech_lengths"],
    outputs: ["encoder_out", "encoder_out_lens", "ctc_log_probs", "beam_log_probs", "beam_log_probs_idx"],
  },
  decoder: {
    inputs: ["encoder_out", "encoder_out_lens", "hyps", "hyps_lens"],
    outputs: ["l2r_log_probs", "r2l_log_probs"],
  },
};

/** The same of wenet/bin/export_onnx_gpu.py without --streaming. */
const WENET: Record<GraphName, TensorNames> = {
  ...PACK,
  decoder: {
    inputs: ["encoder_out", "encoder_out_lens", "hyps_pad_sos_eos", "hyps_lens_sos", "ctc_score"],
    // Exported away where the right-to-left decoder has no weight.
    optional: ["r_hyps_pad_sos_eos"],
    outputs: ["best_index"],
  },
};

/** Throws PackError pack_tensors_mismatch naming every tensor that the graph lacks, and every one that nobody would feed. */
export function checkPackTensors(graph: GraphName, file: string, session: InferenceSession): void {
  checkNames(PACK[graph], file, session);
}

/** The same for a WeNet export, and pack_unsupported for exports of another kind, naming the remedy. */
export function checkWenetTensors(
  graph: GraphName,
  file: string,
  session: InferenceSession,
  vocabularySize: number,
): void {
  const refuse = (what: string, remedy: string) => {
    throw new PackError("pack_unsupported", `${file} ${what}. ${remedy} ${IMPORT_INSTEAD}`);
  };
  const offline = "Export it again with export_onnx_gpu.py, without --streaming.";
  if (session.inputNames.includes("chunk_xs"))
    refuse("is a streaming encoder (its input is chunk_xs)", offline);
  if (session.inputNames.includes("chunk"))
    refuse("is an encoder by export_onnx_cpu.py (its input is chunk)", offline);
  checkNames(WENET[graph], file, session);
  const half = [...session.inputMetadata, ...session.outputMetadata].find(
    (tensor) => tensor.isTensor && tensor.type === "float16",
  );
  if (half)
    refuse(
      `computes in 16-bit floats (${half.name})`,
      "Use the file without fp16 in its name that was made along with it.",
    );
  const size = graph === "encoder" ? dimension(session.outputMetadata, "ctc_log_probs", 2) : null;
  if (size !== null && size !== vocabularySize) {
    const message = `${file} has ${size} outputs, but the units are ${vocabularySize}: they are of another model.`;
    throw new PackError("pack_invalid", message);
  }
}

/** K: how many hypotheses a WeNet decoder chooses from, no more and no fewer. Throws PackError pack_tensors_mismatch. */
export function decoderPlaces(file: string, session: InferenceSession): number {
  const places = dimension(session.inputMetadata, "ctc_score", 1);
  if (places !== null && places > 0) return places;
  const message = `${file} does not say how many hypotheses it takes: the second dimension of ctc_score is not fixed.`;
  throw new PackError("pack_tensors_mismatch", message);
}

/** Null where the graph leaves it open. */
export function dimension(
  tensors: readonly InferenceSession.ValueMetadata[],
  name: string,
  axis: number,
): number | null {
  const tensor = tensors.find((one) => one.name === name);
  const size = tensor?.isTensor ? tensor.shape[axis] : undefined;
  return typeof size === "number" ? size : null;
}

function checkNames(names: TensorNames, file: string, session: InferenceSession): void {
  const { inputs, outputs, optional = [] } = names;
  const missing = [
    ...inputs.filter((name) => !session.inputNames.includes(name)).map((name) => `input ${name}`),
    ...outputs.filter((name) => !session.outputNames.includes(name)).map((name) => `output ${name}`),
  ];
  const unknown = session.inputNames
    .filter((name) => !inputs.includes(name) && !optional.includes(name))
    .map((name) => `input ${name}`);
  if (missing.length === 0 && unknown.length === 0) return;
  const parts = [
    missing.length > 0 ? `lacks ${missing.join(", ")}` : "",
    unknown.length > 0 ? `has unknown ${unknown.join(", ")}` : "",
  ];
  throw new PackError("pack_tensors_mismatch", `${file} ${parts.filter(Boolean).join(" and ")}.`);
}
