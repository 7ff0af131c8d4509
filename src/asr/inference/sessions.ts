import { basename, join } from "node:path";
import { InferenceSession } from "onnxruntime-node";
import { EngineError, PackError } from "../errors.ts";
import { type PackGraphs, PLAIN_GRAPHS } from "../pack/manifest.ts";
import { type Device, type SessionSetup, sessionOptions } from "./devices.ts";

/** The three graphs of a model pack, loaded on one device. */
export interface Sessions {
  frontend: InferenceSession;
  encoder: InferenceSession;
  decoder: InferenceSession;
}

type GraphName = keyof PackGraphs;

/** Names of tensors by the pack's contract; those of the encoder are WeNet's own. */
const TENSORS: Record<GraphName, { inputs: string[]; outputs: string[] }> = {
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

/**
 * Load the pack's graphs on a device. onnxruntime maps the files by itself: no weight passes through a Buffer.
 * Throws EngineError device_unavailable (with the reason) or PackError (which graph or tensor is wrong).
 */
export async function openSessions(
  folder: string,
  device: Device,
  setup: SessionSetup,
  graphs: PackGraphs = PLAIN_GRAPHS,
): Promise<Sessions> {
  const opened: InferenceSession[] = [];
  const open = async (graph: GraphName) => {
    const session = await openGraph(join(folder, graphs[graph]), device, setup);
    opened.push(session);
    checkTensors(graph, graphs[graph], session);
    return session;
  };
  try {
    const frontend = await open("frontend");
    const encoder = await open("encoder");
    return { frontend, encoder, decoder: await open("decoder") };
  } catch (error) {
    await Promise.all(opened.map((session) => session.release()));
    throw error;
  }
}

export async function closeSessions(sessions: Sessions): Promise<void> {
  await Promise.all([sessions.frontend.release(), sessions.encoder.release(), sessions.decoder.release()]);
}

async function openGraph(path: string, device: Device, setup: SessionSetup) {
  try {
    return await InferenceSession.create(path, sessionOptions(device, setup));
  } catch (cause) {
    const reason = firstLine(cause);
    // On the CPU nothing but the graph itself can be at fault.
    if (device === "cpu")
      throw new PackError("pack_invalid", `${basename(path)} cannot be loaded: ${reason}`, { cause });
    const message = `The model does not run on ${device}: ${reason}. Use another device (cpu always works), or install what ${device} needs.`;
    throw new EngineError("device_unavailable", message, { cause });
  }
}

function checkTensors(graph: GraphName, file: string, session: InferenceSession): void {
  const { inputs, outputs } = TENSORS[graph];
  const missing = [
    ...inputs.filter((name) => !session.inputNames.includes(name)).map((name) => `input ${name}`),
    ...outputs.filter((name) => !session.outputNames.includes(name)).map((name) => `output ${name}`),
  ];
  const unknown = session.inputNames.filter((name) => !inputs.includes(name)).map((name) => `input ${name}`);
  if (missing.length === 0 && unknown.length === 0) return;
  const parts = [
    missing.length > 0 ? `lacks ${missing.join(", ")}` : "",
    unknown.length > 0 ? `has unknown ${unknown.join(", ")}` : "",
  ];
  throw new PackError("pack_tensors_mismatch", `${file} ${parts.filter(Boolean).join(" and ")}.`);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0];
}
