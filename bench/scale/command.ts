import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { devicesToTry } from "../../src/asr/inference/devices.ts";
import type { PackManifest } from "../../src/asr/pack/manifest.ts";
import { machine, type PlanFlags, print, progress, withPlanFlags } from "../engine.ts";
import { fastest, type GemmRate, measureGemm } from "../limit/gemm-peak.ts";
import { type Shapes, shapesOf } from "../limit/shapes.ts";
import { planOf, readManifest } from "../plan.ts";
import { PYTHON } from "../python.ts";
import { writeSpeech } from "../speech.ts";
import { drawScale } from "./chart.ts";
import { makePacks, packBytes, SCALE_MODELS } from "./packs.ts";
import { toJson, toText } from "./report.ts";
import { groupByMemory, type Measured, measureTogether, memoryNeeded } from "./rounds.ts";

interface ScaleFlags extends PlanFlags {
  models: string[];
  int8: string[];
  packs?: string[];
  python: string;
  make: string;
  audio?: string;
  minutes: number;
  seed: number;
  runs: number;
  gemmRows: string[];
  chart?: string;
  json: boolean;
}

const WARM_UP_SECONDS = 30;

/** `bench scale`: the whole engine at the paper's size, and how far it is from what the machine could do. */
export function scaleCommand(): Command {
  return withPlanFlags(new Command("scale"))
    .description(
      "real-time factor, memory and load time of several packs by turns, their ratios, and the share reached of the machine's matrix products",
    )
    .option("--models <names...>", `of ${SCALE_MODELS.join(", ")}: made by training/ where missing`, [
      ...SCALE_MODELS,
    ])
    .option("--int8 <names...>", "of these, also with 8-bit weights", [])
    .option("--packs <folders...>", "measure these packs instead; ratios are over the ones before")
    .option("--python <path>", "a Python with training/requirements.txt", PYTHON)
    .option("--make <arguments>", "more arguments of training.measure.scale, for a trial in small", "")
    .option("--audio <file>", "default: the fixtures' utterances joined")
    .option("--minutes <n>", "length of those", Number, 10)
    .option("--seed <n>", "of their order and pauses", Number, 1)
    .option("--runs <n>", "counted runs of each pack", Number, 5)
    .option("--gemm-rows <n...>", "rows of the matrix products", ["94", "375", "750", "1500", "3000"])
    .option("--chart <file>", "write a chart (SVG)")
    .option("--json", "print JSON", false)
    .action(run);
}

async function run(flags: ScaleFlags): Promise<void> {
  const folders = flags.packs ?? (await makePacks(flags));
  const manifests = await Promise.all(folders.map(readManifest));
  const shapes = manifests.map(shapesOf);
  const threads = Math.max(...(await Promise.all(manifests.map((manifest) => threadsOf(flags, manifest)))));
  const bytes = await Promise.all(folders.map(packBytes));
  const needs = bytes.map((size, index) => memoryNeeded(size, shapes[index].parameters));
  const folder = await mkdtemp(join(tmpdir(), "scriptorium-bench-"));
  try {
    const speech = join(folder, "speech.wav");
    const warmUp = join(folder, "warm-up.wav");
    await writeSpeech(warmUp, Math.min(WARM_UP_SECONDS, flags.minutes * 60), flags.seed);
    if (flags.audio === undefined) await writeSpeech(speech, flags.minutes * 60, flags.seed);
    const groups = groupByMemory(needs, process.availableMemory());
    const plan = { flags, audio: flags.audio ?? speech, warmUp, runs: flags.runs };
    const before = await machinePeak(shapes, flags, threads);
    const measured: Measured[] = [];
    for (const group of groups)
      measured.push(
        ...(await measureTogether(
          group.map((index) => folders[index]),
          plan,
        )),
      );
    const after = await machinePeak(shapes, flags, threads);
    const { duration } = measured[0].runs[0];
    const result = {
      machine: machine(),
      audio: `${duration.toFixed(1)} s of ${flags.audio ?? `fixtures joined, seed ${flags.seed}`}`,
      runs: flags.runs,
      order: describeOrder(groups, folders.length),
      packs: measured.map((one, index) => ({ measured: one, shapes: shapes[index], bytes: bytes[index] })),
      peak: fastest([...before, ...after]),
    };
    if (flags.chart !== undefined) await writeFile(flags.chart, drawScale(result));
    print(flags.json ? JSON.stringify(toJson(result)) : toText(result));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function threadsOf(flags: PlanFlags, manifest: PackManifest): Promise<number> {
  const { sessions, threadsPerSession } = await planOf(flags, manifest);
  return sessions * threadsPerSession;
}

/** Of every size of feed-forward network that these models have. */
async function machinePeak(
  shapes: readonly Shapes[],
  flags: ScaleFlags,
  threads: number,
): Promise<GemmRate[]> {
  const [device] = devicesToTry(flags.device);
  const options = {
    device,
    threads,
    rows: flags.gemmRows.map(Number),
    runs: 5,
    layers: device === "cpu" ? 2 : 16,
  };
  const rates: GemmRate[] = [];
  for (const { size, hidden } of new Map(shapes.map((one) => [`${one.size} ${one.hidden}`, one])).values()) {
    progress(`matrix products of ${size} x ${hidden}`);
    rates.push(...(await measureGemm({ size, hidden }, options)));
  }
  return rates;
}

function describeOrder(groups: readonly number[][], packs: number): string {
  if (groups.length === 1) return packs === 1 ? "one pack" : "packs by turns, all in memory";
  return `packs in ${groups.length} rounds, since memory does not hold all: ${groups.map((group) => group.length).join(" + ")}, by turns in each`;
}
