import type { GemmRate } from "../limit/gemm-peak.ts";
import type { Shapes } from "../limit/shapes.ts";
import { describeShapes } from "../limit/shapes.ts";
import { formatTable } from "../metrics/table.ts";
import { figuresOf, type Ratio, ratiosOf, type Spread } from "./figures.ts";
import type { Measured } from "./rounds.ts";

const GIGA = 1e9;
const GIBIBYTE = 1024 ** 3;

export interface ScaleResult {
  machine: string;
  audio: string;
  runs: number;
  /** How the runs of the packs followed each other. */
  order: string;
  packs: readonly { measured: Measured; shapes: Shapes; bytes: number }[];
  /** Of the matrix products that were tried, before and after the runs, the fastest. */
  peak: GemmRate;
}

/** What --json prints. RTF and seconds; memory in bytes; FLOPs a second. */
export function toJson(result: ScaleResult): unknown {
  const { packs, peak, ...facts } = result;
  return {
    ...facts,
    gemm_peak: peak,
    packs: packs.map(({ measured, shapes, bytes }) => ({
      ...figuresOf(measured, peak.flops),
      shapes,
      bytes,
      load_seconds: measured.loaded.loadMs / 1000,
      peak_rss: measured.peakRss,
      device: measured.loaded.device,
      sessions: measured.loaded.sessions,
      threads_per_session: measured.loaded.threadsPerSession,
      work: measured.runs[0].work,
      runs: measured.runs.map(({ wall, stages }) => ({ wall_ms: wall, stages_ms: stages })),
    })),
    ratios: ratiosOf(packs.map(({ measured }) => measured)),
  };
}

export function toText(result: ScaleResult): string {
  const { packs, peak } = result;
  const all = packs.map(({ measured }) => measured);
  return [
    `${result.machine}; ${result.audio}; medians of ${result.runs} runs, ${result.order}`,
    ...packs.map(({ measured, shapes }) => `${measured.loaded.name}: ${describeShapes(shapes)}`),
    "",
    stageTable(all, peak),
    "",
    packTable(result),
    "",
    ...ratioTable(all),
    `arithmetic against ${(peak.flops / GIGA).toFixed(1)} GFLOP/s, the most that onnxruntime reached on the same threads ([${peak.rows}, ${peak.size}] x [${peak.size}, ${peak.hidden}])`,
    limitTable(all, peak),
  ].join("\n");
}

function stageTable(all: readonly Measured[], peak: GemmRate): string {
  const figures = all.map((measured) => figuresOf(measured, peak.flops));
  const stages = Object.keys(figures[0].stageRtf);
  const rows = stages.map((stage) => [stage, ...figures.map(({ stageRtf }) => stageRtf[stage].toFixed(5))]);
  rows.push(["CPU time outside ONNX Runtime", ...figures.map((one) => percent(one.outsideOnnxruntime))]);
  rows.push(["wall clock", ...figures.map((one) => one.wallRtf.toFixed(5))]);
  const titles = figures.map(({ name }) => ({ title: name, align: "right" as const }));
  return formatTable(["RTF", ...titles], rows);
}

function packTable({ packs }: ScaleResult): string {
  const rows = packs.map(({ measured: { loaded, peakRss, runs }, bytes }) => [
    loaded.name,
    `${loaded.sessions} x ${loaded.threadsPerSession}`,
    (bytes / GIBIBYTE).toFixed(2),
    (loaded.loadMs / 1000).toFixed(1),
    (loaded.rss / GIBIBYTE).toFixed(2),
    (peakRss / GIBIBYTE).toFixed(2),
    runs[0].work.utterances,
    runs[0].work.hypotheses,
    runs[0].work.tokens,
  ]);
  return formatTable(
    [
      "pack",
      "sessions x threads",
      "GiB on disk",
      "load s",
      "loaded GiB",
      "peak GiB",
      "utterances",
      "hypotheses",
      "tokens",
    ],
    rows,
  );
}

function limitTable(all: readonly Measured[], peak: GemmRate): string {
  const rows = all.flatMap((measured) => {
    const { name, stageRtf, encoderShare, rescoringShare } = figuresOf(measured, peak.flops);
    const [{ work, duration }] = measured.runs;
    const row = (stage: string, flops: number, share: number) => [
      name,
      stage,
      (flops / GIGA).toFixed(1),
      (flops / peak.flops / duration).toFixed(5),
      (stageRtf[stage] / measured.loaded.sessions).toFixed(5),
      percent(share),
    ];
    return [
      row("encoder", work.encoderFlops, encoderShare),
      row("rescoring", work.decoderFlops, rescoringShare),
    ];
  });
  return formatTable(["pack", "part", "GFLOP", "floor RTF", "measured RTF", "share of the peak"], rows);
}

function ratioTable(all: readonly Measured[]): string[] {
  if (all.length === 1) return [];
  const columns = ["pack", "over", "wall clock", "encoder", "its FLOPs", "rescoring", "its FLOPs"];
  return [
    "times of each pack over those before it, median (least to most over pairs of runs)",
    formatTable(columns, ratiosOf(all).map(ratioRow)),
    "",
  ];
}

function ratioRow({ pack, over, wall, encoder, encoderFlops, rescoring, rescoringFlops }: Ratio): string[] {
  const flops = [encoderFlops, rescoringFlops].map((ratio) => ratio.toFixed(2));
  return [pack, over, spread(wall), spread(encoder), flops[0], spread(rescoring), flops[1]];
}

function spread({ median, least, most }: Spread): string {
  return `${median.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
