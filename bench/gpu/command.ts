import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Command } from "commander";
import type { DeviceChoice } from "../../src/asr/index.ts";
import { EngineProcessError } from "../child/engine-process.ts";
import { BUNDLED_PACK, machine, print } from "../engine.ts";
import { formatTable } from "../metrics/table.ts";
import { writeSpeech } from "../speech.ts";
import { type BatchPlan, type DeviceFigures, measureBatches } from "./batches.ts";
import { CARRYING } from "./carrying.ts";

interface GpuFlags {
  devices: DeviceChoice[];
  packs: string[];
  batches: string[];
  minutes: number;
  runs: number;
  seed: number;
  gemmRows: string[];
  recordings: number;
  median: number;
  at: string[];
  json: boolean;
}

/** What `bench concurrency --json` prints, as far as it is shown here. */
interface Concurrency {
  all_at_once: number;
  levels: { at_a_time: number; throughput: number; of_all_at_once: number }[];
  changed_texts: unknown[];
}

type DeviceResult =
  | { device: DeviceChoice; skipped: string }
  | { device: DeviceChoice; packs: (DeviceFigures & { concurrency: Concurrency | null })[] };

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
    .option("--minutes <n>", "of the fixtures' utterances joined", Number, 60)
    .option("--seed <n>", "of their order and pauses", Number, 1)
    .option("--runs <n>", "counted runs, after one", Number, 5)
    .option("--gemm-rows <n...>", "rows of the matrix products", ["375", "1500", "6000", "24000"])
    .option("--recordings <n>", "for the throughput across recordings; 0 leaves it out", Number, 64)
    .option("--median <s>", "of their log-normal lengths", Number, 60)
    .option("--at <n...>", "recordings at a time", ["1", "4", "16", "64"])
    .option("--json", "print JSON", false)
    .addHelpText("after", CARRYING)
    .action(run);
}

async function run(flags: GpuFlags): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "scriptorium-bench-"));
  const results: DeviceResult[] = [];
  try {
    const audio = join(folder, "speech.wav");
    await writeSpeech(audio, flags.minutes * 60, flags.seed);
    const [batches, gemmRows] = [flags.batches.map(Number), flags.gemmRows.map(Number)];
    const plan = { audio, batches, gemmRows, runs: flags.runs };
    for (const device of flags.devices) results.push(await measureDevice(device, plan, flags));
  } finally {
    await rm(folder, { recursive: true });
  }
  if (flags.json) {
    print(
      JSON.stringify({
        machine: machine(),
        minutes: flags.minutes,
        seed: flags.seed,
        runs: flags.runs,
        devices: results,
      }),
    );
    return;
  }
  print(
    `${machine()}; ${flags.minutes} min of fixtures joined, seed ${flags.seed}; medians of ${flags.runs} runs`,
  );
  for (const result of results) print(`\n${describe(result)}`);
}

async function measureDevice(device: DeviceChoice, plan: BatchPlan, flags: GpuFlags): Promise<DeviceResult> {
  const packs: (DeviceFigures & { concurrency: Concurrency | null })[] = [];
  for (const pack of flags.packs) {
    try {
      const figures = await measureBatches(pack, { device }, plan);
      const concurrency = flags.recordings > 0 ? await runConcurrency(pack, device, flags) : null;
      packs.push({ ...figures, concurrency });
    } catch (error) {
      if (!(error instanceof EngineProcessError && error.code === "device_unavailable")) throw error;
      return { device, skipped: error.message };
    }
  }
  return { device, packs };
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
  return result.packs
    .map(({ pack, peak, batches, failed, concurrency }) =>
      [
        `${pack} on ${result.device}; matrix products ${(peak.flops / 1e12).toFixed(3)} TFLOP/s ([${peak.rows}, ${peak.size}] x [${peak.size}, ${peak.hidden}])`,
        formatTable(
          [
            "utterances in a batch",
            "RTFx",
            "encoder RTFx",
            "encoder share",
            "rescoring share",
            "load s",
            "host peak GiB",
          ],
          batches.map((one) => [
            one.utterances,
            one.rtfx.toFixed(2),
            one.encoderRtfx.toFixed(2),
            percent(one.encoderShare),
            percent(one.rescoringShare),
            one.loadSeconds.toFixed(1),
            (one.peakRss / 1024 ** 3).toFixed(2),
          ]),
        ),
        ...failed.map(({ utterances, reason }) => `${utterances} in a batch: did not run. ${reason}`),
        ...(concurrency ? describeConcurrency(concurrency) : []),
      ].join("\n"),
    )
    .join("\n\n");
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
