import { basename, resolve } from "node:path";
import { InferenceSession } from "onnxruntime-node";
import { EngineError, PackError } from "../errors.ts";
import { type PackGraphs, PLAIN_GRAPHS } from "../pack/manifest.ts";
import { type Device, sessionOptions } from "./devices.ts";
import { MOST_ELEMENTS } from "./most-elements.ts";
import { SpareMemory } from "./spare-memory.ts";
import { checkPackTensors, checkWenetTensors, decoderPlaces, dimension, type GraphName } from "./tensors.ts";

/** The three graphs of a model pack, loaded on one device. */
export interface Sessions {
  frontend: InferenceSession;
  encoder: InferenceSession;
  decoder: InferenceSession;
  /** Hypotheses that a WeNet export's decoder chooses from; null for a pack's, which scores any number. */
  places: number | null;
  /**
   * Where the full distributions had to be copied from a card's memory: how many candidates of each frame the encoder's
   * graph chooses by itself, with which a search no wider does without them. Null elsewhere, or where the graph does not say.
   */
  narrowest: { candidates: number; vocabularySize: number } | null;
  /** Elements of the decoder's widest tensor that a call may have. */
  decoderElements: number;
  /** For the waveforms of a batch. */
  spare: SpareMemory;
}

export interface OpenOptions {
  graphs?: PackGraphs;
  /** The graphs are a WeNet export's, for so many units. */
  wenet?: { vocabularySize: number } | null;
  decoderElements?: number;
}

/**
 * Load the pack's graphs on a device. onnxruntime maps the files by itself: no weight passes through a Buffer.
 * Throws EngineError device_unavailable (with the reason) or PackError (which graph or tensor is wrong).
 */
export async function openSessions(
  folder: string,
  device: Device,
  threads: number,
  { graphs = PLAIN_GRAPHS, wenet = null, decoderElements = MOST_ELEMENTS }: OpenOptions = {},
): Promise<Sessions> {
  const opened: InferenceSession[] = [];
  const open = async (graph: GraphName) => {
    // A WeNet export's frontend lies elsewhere.
    const path = resolve(folder, graphs[graph]);
    const session = await openGraph(path, device, threads, graph);
    opened.push(session);
    if (wenet) checkWenetTensors(graph, basename(path), session, wenet.vocabularySize);
    else checkPackTensors(graph, basename(path), session);
    return session;
  };
  try {
    const frontend = await open("frontend");
    const encoder = await open("encoder");
    const decoder = await open("decoder");
    return {
      ...{ frontend, encoder, decoder, decoderElements },
      spare: new SpareMemory(),
      places: wenet && decoderPlaces(basename(graphs.decoder), decoder),
      narrowest: device === "cpu" ? null : narrowest(encoder),
    };
  } catch (error) {
    await Promise.all(opened.map((session) => session.release()));
    throw error;
  }
}

export async function closeSessions(sessions: Sessions): Promise<void> {
  await Promise.all([sessions.frontend.release(), sessions.encoder.release(), sessions.decoder.release()]);
}

function narrowest({ outputMetadata }: InferenceSession): Sessions["narrowest"] {
  const candidates = dimension(outputMetadata, "beam_log_probs", 2);
  const vocabularySize = dimension(outputMetadata, "ctc_log_probs", 2);
  return candidates === null || vocabularySize === null ? null : { candidates, vocabularySize };
}

async function openGraph(path: string, device: Device, threads: number, graph: GraphName) {
  try {
    return await InferenceSession.create(path, sessionOptions(device, threads, graph));
  } catch (cause) {
    // On the CPU nothing but the graph itself can be at fault.
    if (device === "cpu")
      throw new PackError("pack_invalid", `${basename(path)} cannot be loaded: ${firstLine(cause)}`, {
        cause,
      });
    throw unavailable(device, cause);
  }
}

export function unavailable(device: Device, cause: unknown): EngineError {
  const message = `The model does not run on ${device}: ${firstLine(cause)}. Use another device (cpu always works), or install what ${device} needs.`;
  return new EngineError("device_unavailable", message, { cause });
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0];
}
