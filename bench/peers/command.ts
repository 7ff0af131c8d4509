import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Command } from "commander";
import { BUNDLED_PACK, machine, print } from "../engine.ts";
import { PYTHON } from "../python.ts";
import { Contestant, type Entry } from "./contestant.ts";
import { lineUp, type Models } from "./line-up.ts";
import { raceLong, raceUtterances } from "./race.ts";
import { type LeftOut, printReport, type Report } from "./report.ts";
import { WHISPER_PYTHON } from "./whisper.ts";
import { prepareWork } from "./work.ts";

interface Flags {
  model: string;
  sherpa?: string;
  checkpoint?: string;
  python: string;
  whisper: string;
  manifest: string;
  limit: number;
  runs: number;
  only: string[];
  json: boolean;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FIXTURES = join(ROOT, "test/fixtures/manifest.tsv");

/** `bench peers`: this engine, sherpa-onnx and PyTorch with the same weights, and Whisper, on the same recordings by turns. */
export function peersCommand(): Command {
  return new Command("peers")
    .description(
      "the same recordings through this engine, sherpa-onnx, PyTorch and Whisper, on the CPU, by turns",
    )
    .option("--model <pack>", "model pack of this engine", BUNDLED_PACK)
    .option(
      "--checkpoint <file>",
      "the same model for PyTorch and for making sherpa-onnx's; default: the pack",
    )
    .option("--sherpa <folder>", "model.onnx and tokens.txt; default: made by training.measure.peer_sherpa")
    .option("--python <file>", "a Python with training/requirements.txt", PYTHON)
    .option("--whisper <file>", "a Python with faster-whisper and its models", WHISPER_PYTHON)
    .option("--manifest <file>", "recordings and what is said in them", FIXTURES)
    .option("--limit <n>", "at most so many of them, from everywhere in the list", Number, Infinity)
    .option("--runs <n>", "counted passes of each, after a warm-up", Number, 5)
    .option("--only <words...>", "contestants whose name has one of these words; ours always runs", [])
    .option("--json", "print JSON", false)
    .action(async (flags: Flags) => {
      const folder = await mkdtemp(join(tmpdir(), "scriptorium-bench-"));
      try {
        await run(flags, folder);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
}

async function run(flags: Flags, folder: string): Promise<void> {
  const work = await prepareWork(flags.manifest, flags.limit, folder);
  const leftOut: LeftOut[] = [];
  const models = await findModels(flags, folder);
  const contestants: Contestant[] = [];
  try {
    for (const entry of lineUp(models)) {
      if (entry.name !== "ours" && !isWanted(entry.name, flags.only)) continue;
      const started = await Contestant.start(entry).catch((error: Error) => error);
      if (started instanceof Contestant) contestants.push(started);
      else if (entry.name === "ours") throw started;
      else leftOut.push({ name: entry.name, reason: reasonFor(entry, started) });
    }
    const races = [
      await raceUtterances(contestants, work, flags.runs, flags.whisper),
      await raceLong(contestants, work, flags.runs, flags.whisper),
    ];
    const report: Report = {
      machine: machine(),
      model: flags.model,
      manifest: flags.manifest,
      runs: flags.runs,
      contestants: contestants.map(({ entry, versions }) => {
        return { name: entry.name, versions, ...entry.facts };
      }),
      left_out: leftOut,
      races,
    };
    if (flags.json) print(JSON.stringify(report));
    else printReport(report);
  } finally {
    await Promise.all(contestants.map((contestant) => contestant.close()));
  }
}

function reasonFor({ install }: Entry, { message }: Error): string {
  return install === undefined
    ? message
    : `${message.trimEnd()}\nIt is not part of the project. To install it: ${install}`;
}

function isWanted(name: string, only: string[]): boolean {
  return only.length === 0 || only.some((word) => name.includes(word));
}

/** Paths from the root, where every contestant runs. Makes sherpa-onnx's model where none is given. */
async function findModels(flags: Flags, folder: string): Promise<Models> {
  const torch = resolve(flags.checkpoint ?? flags.model);
  const sherpa = resolve(flags.sherpa ?? join(folder, "sherpa"));
  const [python, whisper] = [flags.python, flags.whisper].map((file) =>
    file.includes("/") ? resolve(file) : file,
  );
  const models = { ours: resolve(flags.model), sherpa, torch, python, whisper };
  const needed = lineUp(models).some(({ name }) => name.startsWith("sherpa") && isWanted(name, flags.only));
  if (flags.sherpa === undefined && needed) {
    const options = ["-m", "training.measure.peer_sherpa", "--model", torch, "--output", sherpa];
    // Where it fails, sherpa-onnx has no model to start with, and the report says why.
    await promisify(execFile)(python, options, { cwd: ROOT }).catch((error: Error) =>
      process.stderr.write(`No model for sherpa-onnx: ${error.message}\n`),
    );
  }
  return models;
}
