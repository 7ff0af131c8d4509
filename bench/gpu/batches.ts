import type { Precision } from "../../src/asr/index.ts";
import { EngineProcess, EngineProcessError } from "../child/engine-process.ts";
import type { ChildRun, Loaded } from "../child/messages.ts";
import { type PlanFlags, progress } from "../engine.ts";
import { fastest, type GemmRate } from "../limit/gemm-peak.ts";
import { shapesOf } from "../limit/shapes.ts";
import { median } from "../metrics/statistics.ts";
import { readManifest } from "../plan.ts";
import { type CardUse, watching } from "./watch.ts";

export interface BatchPlan {
  audio: string;
  batches: readonly number[];
  runs: number;
  gemmRows: readonly number[];
}

/** Of one size of batch. RTFx is audio time over processing time. */
export interface BatchFigures {
  utterances: number;
  rtfx: number;
  encoderRtfx: number;
  /** Of the device's fastest matrix product; rescoring likewise. */
  encoderShare: number;
  rescoringShare: number;
  loadSeconds: number;
  peakRss: number; // bytes, of the process, not of the card
  card: CardUse | null;
}

export interface DeviceFigures {
  pack: string;
  precision: Precision;
  /** In the numbers that the pack's graphs compute in. */
  peak: GemmRate;
  batches: BatchFigures[];
  /** Sizes that could not be run, and why: too little memory on the card, say. */
  failed: { utterances: number; reason: string }[];
}

/** Products in one call: it takes as long as one batch would, and the way to the card and back is a small part of it. */
const GEMM_LAYERS = 16;

/** Throws EngineProcessError with the code device_unavailable where the pack does not load on the device. */
export async function measureBatches(
  model: string,
  flags: PlanFlags,
  plan: BatchPlan,
): Promise<DeviceFigures> {
  const manifest = await readManifest(model);
  const figures: DeviceFigures["batches"] = [];
  const failed: DeviceFigures["failed"] = [];
  let peak: GemmRate | undefined;
  let pack = manifest.name;
  let precision: Precision = "single";
  for (const utterances of plan.batches) {
    // The number of utterances alone is to be the limit.
    const batchSeconds = flags.batchSeconds ?? utterances * manifest.segmentation.max_seconds;
    const engine = await EngineProcess.load({ ...flags, model, batchUtterances: utterances, batchSeconds });
    pack = engine.loaded.name;
    precision = engine.loaded.precision;
    try {
      peak ??= await measurePeak(engine, shapesOf(manifest), plan.gemmRows);
      const { flops } = peak;
      const { result: runs, use: card } = await watching(() => runAll(engine, plan));
      const summary = summarise(runs, engine.loaded, flops);
      figures.push({ utterances, ...summary, peakRss: await engine.close(), card });
      progress(
        `${engine.loaded.device}, ${pack}, ${utterances} in a batch: RTFx ${figures.at(-1)!.rtfx.toFixed(2)}`,
      );
    } catch (error) {
      if (!(error instanceof EngineProcessError)) throw error;
      failed.push({ utterances, reason: error.message });
    } finally {
      engine.kill();
    }
  }
  if (!peak) throw new Error(`Nothing ran: ${failed[0]?.reason ?? "there are no sizes of batch"}`);
  return { pack, precision, peak, batches: figures, failed };
}

async function measurePeak(
  engine: EngineProcess,
  { size, hidden }: { size: number; hidden: number },
  rows: readonly number[],
): Promise<GemmRate> {
  const { device, precision, sessions, threadsPerSession } = engine.loaded;
  const threads = sessions * threadsPerSession;
  const how = { device, threads, rows, runs: 5, layers: GEMM_LAYERS, half: precision === "half" };
  return fastest(await engine.multiply({ size, hidden, ...how }));
}

/** The first run is not counted: a GPU compiles or tunes a kernel for each new shape. */
async function runAll(engine: EngineProcess, { audio, runs }: BatchPlan): Promise<ChildRun[]> {
  const all: ChildRun[] = [];
  for (let run = 0; run <= runs; run++) all.push(await engine.run(audio));
  return all.slice(1);
}

function summarise(runs: readonly ChildRun[], loaded: Loaded, peak: number) {
  const of = (figure: (run: ChildRun) => number) => median(runs.map(figure));
  const seconds = (ms: number) => ms / 1000 / loaded.sessions;
  return {
    rtfx: of(({ duration, wall }) => (duration * 1000) / wall),
    encoderRtfx: of(({ duration, stages }) => duration / seconds(stages.encoder)),
    encoderShare: of(({ work, stages }) => work.encoderFlops / peak / seconds(stages.encoder)),
    rescoringShare: of(({ work, stages }) => work.decoderFlops / peak / seconds(stages.rescoring)),
    loadSeconds: loaded.loadMs / 1000,
  };
}
