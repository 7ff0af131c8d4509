import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Command } from "commander";
import type { DeviceChoice, Precision } from "../../src/asr/index.ts";
import { readCard } from "../../src/asr/inference/card.ts";
import { EngineProcessError } from "../child/engine-process.ts";
import { BUNDLED_PACK, machine, print, progress } from "../engine.ts";
import { formatTable } from "../metrics/table.ts";
import { writeSpeech } from "../speech.ts";
import { type BatchPlan, type DeviceFigures, measureBatches, NOTHING_RAN } from "./batches.ts";
import { CARRYING } from "./carrying.ts";
import { runChild } from "./child.ts";
import { describeFixed, describeLatency, describeTexts } from "./describe.ts";
import type { FixedReport } from "./fixed-main.ts";
import { type Latency, measureLatency } from "./latency.ts";
import { compareTexts, type TextComparison } from "./texts.ts";

interface GpuFlags {
  devices: DeviceChoice[];
  packs: string[];
  batches: string[];
  minutes: number;
  limit: number;
  runs: number;
  seed: number;
  gemmRows: string[];
  recordings: number;
  median: number;
  at: string[];
  precision?: Precision;
  sessions?: number;
  fixedSeconds: number;
  fixedBatches: string[];
  latencySeconds: number;
  latencyRuns: number;
  texts: boolean;
  output?: string;
  json: boolean;
}

type PackResult = DeviceFigures & {
  concurrency: Concurrency | null;
  fixed: (FixedReport & { seconds: number }) | null;
  latency: Latency | null;
};

/** What `bench concurrency --json` prints, as far as it is shown here. */
interface Concurrency {
  all_at_once: number;
  levels: { at_a_time: number; throughput: number; of_all_at_once: number }[];
  changed_texts: unknown[];
}

type DeviceResult =
  | { device: DeviceChoice; skipped: string }
  | { device: DeviceChoice; packs: PackResult[]; texts: TextComparison | null };

const REASONS_TO_SKIP = ["device_unavailable", NOTHING_RAN];

/** `bench gpu`: throughput by size of batch, and across recordings, on every device that loads. */
export function gpuCommand(): Command {
  return new Command("gpu")
    .description(
      "RTFx by size of batch, the share reached of the card's matrix products, and throughput of several recordings at a time",
    )
    .option("--devices <names...>", "webgpu, cuda, cpu; those that do not load are skipped", [
      "webgpu",
      "cuda",
    ])
    .option("--packs <folders...>", "model packs", [BUNDLED_PACK])
    .option("--batches <n...>", "utterances in a batch", ["1", "16", "64", "256"])
    .option("--minutes <n>", "of the fixtures' utterances joined, at most", Number, 60)
    .option("--limit <s>", "for each size of batch; the recording is as long as it allows", Number, 600)
    .option("--seed <n>", "of their order and pauses", Number, 1)
    .option("--runs <n>", "counted runs, after one", Number, 5)
    .option("--gemm-rows <n...>", "rows of the matrix products", ["375", "1500", "6000", "24000"])
    .option("--recordings <n>", "for the throughput across recordings; 0 leaves it out", Number, 64)
    .option("--median <s>", "of their log-normal lengths", Number, 60)
    .option("--at <n...>", "recordings at a time", ["1", "4", "16", "64"])
    .option("--precision <precision>", "single or half; default: half where pack and device have it")
    .option("--sessions <n>", "copies of the graphs on the card; default: one", Number)
    .option("--fixed-seconds <s>", "of the clips that go through the graphs step by step", Number, 15)
    .option("--fixed-batches <n...>", "of these in a batch; 0 leaves it out", ["1", "16", "64", "256"])
    .option("--latency-seconds <s>", "of one clip on an idle engine", Number, 10)
    .option("--latency-runs <n>", "0 leaves it out", Number, 20)
    .option("--no-texts", "do not compare the fixtures' texts with the CPU's")
    .option("--output <folder>", "write the JSON here, by the name of the card")
    .option("--json", "print JSON", false)
    .addHelpText("after", CARRYING)
    .action(run);
}

async function run(flags: GpuFlags): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "scriptorium-bench-"));
  const results: DeviceResult[] = [];
  const card = await readCard();
  try {
    const audio = async (seconds: number) => {
      const path = join(folder, `speech-${seconds}.wav`);
      await writeSpeech(path, seconds, flags.seed);
      return path;
    };
    const { runs, limit, minutes } = flags;
    const [batches, gemmRows] = [flags.batches.map(Number), flags.gemmRows.map(Number)];
    const plan = { audio, batches, gemmRows, runs, limit, seconds: minutes * 60 };
    for (const device of flags.devices) results.push(await measureDevice(device, plan, flags));
  } finally {
    await rm(folder, { recursive: true });
  }
  const { minutes, seed, runs } = flags;
  const report = JSON.stringify({ machine: machine(), card, minutes, seed, runs, devices: results });
  if (flags.output !== undefined) {
    await mkdir(flags.output, { recursive: true });
    await writeFile(join(flags.output, `gpu-${fileName(card?.name ?? machine())}.json`), `${report}\n`);
  }
  if (flags.json) {
    print(report);
    return;
  }
  print(
    `${card ? `${card.name}, driver ${card.driver}; ` : ""}${machine()}; up to ${flags.minutes} min of fixtures joined, seed ${flags.seed}; medians of ${flags.runs} runs, or of as many as the limit allows`,
  );
  for (const result of results) print(`\n${describe(result)}`);
}

/** Letters, digits and hyphens of a machine's name. */
function fileName(machine: string): string {
  return machine.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}

async function measureDevice(device: DeviceChoice, plan: BatchPlan, flags: GpuFlags): Promise<DeviceResult> {
  const packs: PackResult[] = [];
  const { precision, sessions, runs, latencyRuns, latencySeconds: seconds } = flags;
  const how = { device, ...(precision && { precision }), ...(sessions !== undefined && { sessions }) };
  for (const pack of flags.packs) {
    try {
      const figures = await measureBatches(pack, how, plan);
      const concurrency = flags.recordings > 0 ? await runConcurrency(pack, device, flags) : null;
      const batches = flags.fixedBatches.map(Number).filter((size) => size > 0);
      const clips = { model: pack, device, precision: figures.precision, seconds: flags.fixedSeconds };
      const fixed =
        batches.length > 0 ? await runChild<FixedReport>("fixed-main.ts", { ...clips, batches, runs }) : null;
      const latency =
        latencyRuns > 0
          ? await unlessLate(
              "latency",
              measureLatency(pack, how, {
                audio: await plan.audio(seconds),
                ...{ seconds, runs: latencyRuns, limit: flags.limit },
              }),
            )
          : null;
      packs.push({
        ...figures,
        concurrency,
        latency,
        fixed: fixed && { ...fixed, seconds: flags.fixedSeconds },
      });
    } catch (error) {
      if (!(error instanceof EngineProcessError && REASONS_TO_SKIP.includes(error.code ?? ""))) throw error;
      return { device, skipped: error.message };
    }
  }
  const texts = flags.texts
    ? await unlessLate("texts", compareTexts(device, { precision, limit: flags.limit }))
    : null;
  return { device, packs, texts };
}

/** Null, and a word to whoever watches, where it did not end in its time: the figures before it are worth keeping. */
async function unlessLate<Result>(what: string, work: Promise<Result>): Promise<Result | null> {
  try {
    return await work;
  } catch (error) {
    progress(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

/** In a process of its own: a driver that fails must not take the other devices' figures along. */
async function runConcurrency(pack: string, device: DeviceChoice, flags: GpuFlags): Promise<Concurrency> {
  const { seed, recordings, median, runs, at } = flags;
  const options = { model: pack, device, seed, recordings, median, runs };
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const command = [process.argv[1], "concurrency", "--json", ...given, "--at", ...at];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
  const output = await text(child.stdout);
  // Ends with 1 where texts changed: it says so in what it prints.
  if (output.trim() === "") throw new Error(`bench concurrency did not end well on ${device}`);
  return JSON.parse(output) as Concurrency;
}

function describe(result: DeviceResult): string {
  if ("skipped" in result) return `${result.device}: skipped. ${result.skipped}`;
  const packs = result.packs.map((pack) => describePack(result.device, pack));
  return [...packs, ...(result.texts ? [describeTexts(result.texts)] : [])].join("\n\n");
}

function describePack(device: DeviceChoice, result: PackResult): string {
  const { pack, precision, peak, batches, failed, concurrency, fixed, latency } = result;
  return [
    `${pack} on ${device}, ${precision}; matrix products ${(peak.flops / 1e12).toFixed(3)} TFLOP/s ([${peak.rows}, ${peak.size}] x [${peak.size}, ${peak.hidden}])`,
    formatTable(
      [
        "utterances in a batch",
        "audio s",
        "RTFx",
        "encoder RTFx",
        "encoder share",
        "rescoring share",
        "load s",
        "host peak GiB",
        "card GiB",
        "watts",
      ],
      batches.map((one) => [
        one.utterances,
        one.audioSeconds.toFixed(0),
        one.rtfx.toFixed(2),
        one.encoderRtfx.toFixed(2),
        percent(one.encoderShare),
        percent(one.rescoringShare),
        one.loadSeconds.toFixed(1),
        (one.peakRss / 1024 ** 3).toFixed(2),
        one.card ? (one.card.memoryMiB / 1024).toFixed(1) : "-",
        one.card?.meanWatts?.toFixed(0) ?? "-",
      ]),
    ),
    ...failed.map(({ utterances, reason }) => `${utterances} in a batch: did not run. ${reason}`),
    ...(concurrency ? describeConcurrency(concurrency) : []),
    ...(fixed ? describeFixed(fixed) : []),
    ...(latency ? describeLatency(latency) : []),
  ].join("\n");
}

function describeConcurrency({ all_at_once, levels, changed_texts }: Concurrency): string[] {
  const rows = levels.map((level) => [
    level.at_a_time,
    level.throughput.toFixed(1),
    percent(level.of_all_at_once),
  ]);
  return [
    "",
    formatTable(["recordings at a time", "audio s per s", "of all utterances at once"], rows),
    `all utterances at once: ${all_at_once.toFixed(1)} audio s per s; ${changed_texts.length} texts other than alone`,
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
