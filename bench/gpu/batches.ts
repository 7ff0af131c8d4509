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
  /** A recording of so many seconds. */
  audio: (seconds: number) => Promise<string>;
  /** Of the recording that is counted, at most. */
  seconds: number;
  /** For each size of batch, in seconds; the recording is as long as it allows. */
  limit: number;
  batches: readonly number[];
  runs: number;
  gemmRows: readonly number[];
}

/** Of one size of batch. RTFx is audio time over processing time. */
export interface BatchFigures {
  utterances: number;
  /** Of the recording, and how often it was counted. */
  audioSeconds: number;
  runs: number;
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

/** Of audio that the first runs take, by which the next recording's length is chosen. */
const TRIAL_SECONDS = 60;
/** Of the limit, for the counted runs and the one before them; the rest is for loading, the trial and what goes slower. */
const SHARE_FOR_RUNS = 0.5;

/** Of an EngineProcessError: no size of batch could be run. */
export const NOTHING_RAN = "nothing_ran";

/** Throws EngineProcessError: device_unavailable where the pack does not load on the device, or nothing_ran. */
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
    const say = (text: string) =>
      progress(`${engine.loaded.device}, ${pack}, ${utterances} in a batch: ${text}`);
    say(`loaded in ${(engine.loaded.loadMs / 1000).toFixed(1)} s`);
    // A card that takes seconds for each new shape must not take the other figures along.
    const alarm = setTimeout(() => engine.kill(), plan.limit * 1000);
    try {
      peak ??= await measurePeak(engine, shapesOf(manifest), plan.gemmRows);
      const { flops } = peak;
      say(`products ${(flops / 1e12).toFixed(3)} TFLOP/s`);
      const { result: runs, use: card } = await watching(() => runAll(engine, plan, say));
      const summary = summarise(runs, engine.loaded, flops);
      const audioSeconds = runs[0].duration;
      const peakRss = await engine.close();
      figures.push({ utterances, audioSeconds, runs: runs.length, ...summary, peakRss, card });
      // Whoever ends this process early has at least these.
      progress(JSON.stringify(figures.at(-1)));
    } catch (error) {
      if (!(error instanceof EngineProcessError)) throw error;
      failed.push({ utterances, reason: error.message });
    } finally {
      clearTimeout(alarm);
      engine.kill();
    }
  }
  if (!peak)
    throw new EngineProcessError(
      `Nothing ran: ${failed[0]?.reason ?? "there are no sizes of batch"}`,
      NOTHING_RAN,
    );
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

/**
 * The first run of a length is not counted: a GPU compiles or tunes a kernel for each new shape. How long the recording is
 * follows from shorter ones' time, of runs after the first of all: an engine that has just been loaded is many times slower.
 * What has been counted when the limit is near is what there is.
 */
async function runAll(
  engine: EngineProcess,
  { audio, seconds, runs, limit }: BatchPlan,
  say: (text: string) => void,
): Promise<ChildRun[]> {
  const started = performance.now();
  const left = () => limit - (performance.now() - started) / 1000;
  const run = async (file: string, what: string) => {
    const done = await engine.run(file);
    say(
      `${what}, ${done.duration.toFixed(0)} s of audio: RTFx ${((done.duration * 1000) / done.wall).toFixed(2)}`,
    );
    return done;
  };
  let file = await audio(Math.min(TRIAL_SECONDS, seconds));
  await run(file, "warm-up");
  let first = await run(file, "trial");
  while (true) {
    const length = nextLength(first, seconds, SHARE_FOR_RUNS * left(), runs + 1);
    if (length === undefined) break;
    file = await audio(length);
    first = await run(file, "trial");
  }
  const all: ChildRun[] = [];
  while (all.length < runs && (all.length === 0 || left() > (1.5 * first.wall) / 1000))
    all.push(await run(file, `run ${all.length + 1} of ${runs}`));
  return all;
}

/**
 * Seconds of the next recording after a trial: as many as `runs` runs at its speed allow in `budget` seconds, up to `most`, at
 * most eight times as many as it had. Undefined where it was long enough: half of that, or more.
 */
export function nextLength(
  { duration, wall }: { duration: number; wall: number },
  most: number,
  budget: number,
  runs: number,
): number | undefined {
  const fitting = Math.min(most, Math.floor((budget / runs) * ((duration * 1000) / wall)));
  return fitting < 2 * duration ? undefined : Math.min(fitting, Math.floor(8 * duration));
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
