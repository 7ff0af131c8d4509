import { STAGES } from "../measure.ts";
import { median } from "../metrics/statistics.ts";
import type { Measured } from "./rounds.ts";

/** Of one pack: medians over its runs. RTF is processing time by the clock over audio time. */
export interface PackFigures {
  name: string;
  wallRtf: number;
  /** Time of each stage over audio time. */
  stageRtf: Record<string, number>;
  /** Share of the CPU time. */
  outsideOnnxruntime: number;
  /** How near to the arithmetic floor, 1 being there. */
  encoderShare: number;
  rescoringShare: number;
}

/** How many times the time of one pack another takes, over pairs of runs: median, least, most. */
export interface Spread {
  median: number;
  least: number;
  most: number;
}

export interface Ratio {
  pack: string;
  over: string;
  wall: Spread;
  encoder: Spread;
  rescoring: Spread;
  /** Of what the shapes ask for, in FLOPs. */
  encoderFlops: number;
  rescoringFlops: number;
}

/** `peak`: FLOPs a second. */
export function figuresOf({ loaded, runs }: Measured, peak: number): PackFigures {
  const rtf = (time: (run: Measured["runs"][number]) => number) =>
    median(runs.map((run) => time(run) / 1000 / run.duration));
  const stageRtf: Record<string, number> = {};
  for (const stage of STAGES) stageRtf[stage] = rtf((run) => run.stages[stage]);
  // Sessions work side by side, and the peak is that of all their threads.
  const share = (flops: number, ms: number) => flops / peak / (ms / 1000 / loaded.sessions);
  return {
    name: loaded.name,
    wallRtf: rtf((run) => run.wall),
    stageRtf,
    outsideOnnxruntime: median(runs.map((run) => run.cpuOutside / run.cpu)),
    encoderShare: median(runs.map((run) => share(run.work.encoderFlops, run.stages.encoder))),
    rescoringShare: median(runs.map((run) => share(run.work.decoderFlops, run.stages.rescoring))),
  };
}

/** Every pack over every one before it. */
export function ratiosOf(all: readonly Measured[]): Ratio[] {
  return all.flatMap((measured, index) => all.slice(0, index).map((base) => ratioOf(measured, base)));
}

function ratioOf(measured: Measured, base: Measured): Ratio {
  const spread = (time: (of: Measured, run: number) => number): Spread => {
    const ratios = measured.runs.map((_, run) => time(measured, run) / time(base, run));
    return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
  };
  return {
    pack: measured.loaded.name,
    over: base.loaded.name,
    wall: spread(({ runs }, run) => runs[run].wall),
    encoder: spread(({ runs, loaded }, run) => runs[run].stages.encoder / loaded.sessions),
    rescoring: spread(({ runs, loaded }, run) => runs[run].stages.rescoring / loaded.sessions),
    encoderFlops: measured.runs[0].work.encoderFlops / base.runs[0].work.encoderFlops,
    rescoringFlops: measured.runs[0].work.decoderFlops / base.runs[0].work.decoderFlops,
  };
}
