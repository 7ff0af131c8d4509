/** A process that puts batches of clips of one length through the graphs and the search, step by step, and prints JSON. */
import { readFile } from "node:fs/promises";
import { PrefixBeamSearch } from "../../src/asr/beam/prefix-beam.ts";
import { choosePlan } from "../../src/asr/engine/open-device.ts";
import type { Device, Precision } from "../../src/asr/index.ts";
import { encodeBatch } from "../../src/asr/inference/encode.ts";
import { rankBatch } from "../../src/asr/inference/rank.ts";
import { closeSessions, openSessions, type Sessions } from "../../src/asr/inference/sessions.ts";
import type { PackManifest } from "../../src/asr/pack/manifest.ts";
import { median } from "../metrics/statistics.ts";
import { readManifest } from "../plan.ts";
import { graphsOf, makeClips } from "./fixed-clips.ts";

export interface FixedPlan {
  model: string;
  device: Device;
  precision: Precision;
  seconds: number;
  batches: readonly number[];
  runs: number;
}

/** Medians of the runs, in ms for a whole batch. */
export interface FixedFigures {
  utterances: number;
  frontendMs: number;
  encoderMs: number;
  /** On one thread; in the engine it runs beside the next batch's encoder. */
  searchMs: number;
  decoderMs: number;
  /** All of it: copies to and from the card, and what JavaScript does between. */
  wholeMs: number;
}

export interface FixedReport {
  /** Of CUDA and onnxruntime, those that were mapped by the end: what an image has to bring. */
  libraries: string[];
  figures: FixedFigures[];
  failed: { utterances: number; reason: string }[];
}

if (import.meta.main) process.stdout.write(JSON.stringify(await measure(JSON.parse(process.argv[2]))));

async function measure(plan: FixedPlan): Promise<FixedReport> {
  const manifest = await readManifest(plan.model);
  const graphs = graphsOf(manifest, plan.device, plan.precision);
  const {
    threadsPerSession,
    sessions: copies,
    decoderElements,
  } = await choosePlan(plan.device, plan.precision, manifest, graphs);
  const threads = threadsPerSession * copies;
  const sessions = await openSessions(plan.model, plan.device, threads, { graphs, decoderElements });
  const report: FixedReport = { libraries: [], figures: [], failed: [] };
  const clips = await makeClips(Math.max(...plan.batches), plan.seconds);
  for (const utterances of plan.batches) {
    try {
      const runs: FixedFigures[] = [];
      // The first is not counted: a card tunes and compiles for each new shape.
      for (let run = 0; run <= plan.runs; run++)
        runs.push(await once(sessions, manifest, clips.slice(0, utterances)));
      report.figures.push(medians(runs.slice(1)));
    } catch (error) {
      report.failed.push({ utterances, reason: String(error).split("\n")[0] });
    }
  }
  await closeSessions(sessions);
  return { ...report, libraries: await mappedLibraries() };
}

async function mappedLibraries(): Promise<string[]> {
  const maps = await readFile("/proc/self/maps", "utf8").catch(() => "");
  const names = maps.matchAll(/\/(lib(?:cu|nv|onnx)[^/\s]*)$/gm);
  return [...new Set([...names].map(([, name]) => name))].sort();
}

async function once(
  sessions: Sessions,
  { vocabulary, defaults }: PackManifest,
  clips: Float32Array[],
): Promise<FixedFigures> {
  const started = performance.now();
  const batch = await encodeBatch(sessions, clips, defaults.beam);
  const searched = performance.now();
  const searcher = new PrefixBeamSearch();
  const requests = batch.candidates.map((candidates) => ({
    hypotheses: searcher.search(candidates, { beam: defaults.beam, blank: vocabulary.blank_id }),
    ctcWeight: defaults.ctc_weight,
    reverseWeight: defaults.reverse_weight,
  }));
  const searchMs = performance.now() - searched;
  const ids = { sosId: vocabulary.sos_id, eosId: vocabulary.eos_id };
  const { decoderMs } = await rankBatch(sessions, batch, requests, ids);
  const { frontendMs, encoderMs } = batch;
  return {
    utterances: clips.length,
    ...{ frontendMs, encoderMs, searchMs, decoderMs },
    wholeMs: performance.now() - started,
  };
}

function medians(runs: readonly FixedFigures[]): FixedFigures {
  const of = (key: keyof FixedFigures) => median(runs.map((run) => run[key]));
  return {
    utterances: runs[0].utterances,
    frontendMs: of("frontendMs"),
    encoderMs: of("encoderMs"),
    searchMs: of("searchMs"),
    decoderMs: of("decoderMs"),
    wholeMs: of("wholeMs"),
  };
}
