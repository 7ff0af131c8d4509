import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { EngineProcess } from "./child/engine-process.ts";
import { type EngineFlags, machine, print, progress, withEngineFlags } from "./engine.ts";
import { median } from "./metrics/statistics.ts";
import { formatTable } from "./metrics/table.ts";
import { writeSpeech } from "./speech.ts";

interface LengthFlags extends EngineFlags {
  minutes: string[];
  runs: number;
  seed: number;
  json: boolean;
}

/** One run, of a process that did nothing else. */
interface LengthRun {
  rtf: number;
  /** Median over the second half of the recording, in bytes. */
  steadyRss: number;
  peakRss: number; // bytes
}

export interface LengthFigures extends LengthRun {
  minutes: number;
}

const MEGABYTE = 1024 * 1024;
/** Shorter recordings do not fill the engine's batches: what they cost says nothing about length. */
const FULL_BATCHES_MINUTES = 10;
const FLAT = { rtf: 1.1, rss: 1.25 };

/** `bench length`: what a minute of a long recording costs, against a minute of a short one. */
export function lengthCommand(): Command {
  return withEngineFlags(new Command("length"))
    .description(
      "real-time factor and resident memory by length of one recording, every run in its own process",
    )
    .option("--minutes <n...>", "lengths", ["1", "10", "60", "600"])
    .option("--runs <n>", "runs of each length, by turns", Number, 5)
    .option("--seed <n>", "of the recording: the fixtures' utterances joined", Number, 1)
    .option("--json", "print JSON", false)
    .action(run);
}

async function run(flags: LengthFlags): Promise<void> {
  const lengths = flags.minutes.map(Number);
  const runs: LengthRun[][] = lengths.map(() => []);
  const folder = await mkdtemp(join(tmpdir(), "scriptorium-bench-"));
  try {
    for (const minutes of lengths)
      await writeSpeech(join(folder, `${minutes}.wav`), minutes * 60, flags.seed);
    for (let run = 1; run <= flags.runs; run++) {
      for (const [index, minutes] of lengths.entries()) {
        const measured = await measureAlone(flags, join(folder, `${minutes}.wav`));
        runs[index].push(measured);
        progress(`run ${run} of ${flags.runs}, ${minutes} min: RTF ${measured.rtf.toFixed(5)}`);
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  const figures = lengths.map((minutes, index) => ({
    minutes,
    rtf: median(runs[index].map(({ rtf }) => rtf)),
    steadyRss: median(runs[index].map(({ steadyRss }) => steadyRss)),
    peakRss: median(runs[index].map(({ peakRss }) => peakRss)),
  }));
  const verdict = judge(figures);
  if (flags.json) {
    print(
      JSON.stringify({
        model: flags.model,
        machine: machine(),
        runs: flags.runs,
        seed: flags.seed,
        lengths: figures,
        ...verdict,
      }),
    );
    return;
  }
  print(`${flags.model}; fixtures joined, seed ${flags.seed}; ${machine()}; medians of ${flags.runs} runs\n`);
  const rows = figures.map(({ minutes, rtf, steadyRss, peakRss }) => [
    minutes,
    rtf.toFixed(5),
    (steadyRss / MEGABYTE).toFixed(0),
    (peakRss / MEGABYTE).toFixed(0),
  ]);
  print(formatTable(["minutes", "RTF", "RSS MB, second half", "peak MB"], rows));
  print(
    `\n${verdict.from} to ${verdict.to} min: RTF x ${verdict.rtfGrowth.toFixed(2)}, RSS x ${verdict.rssGrowth.toFixed(2)}: ${verdict.flat ? "flat" : "not flat"} (flat: at most ${FLAT.rtf} and ${FLAT.rss})`,
  );
}

/** Of the longest recording against the shortest that fills the engine's batches. */
export function judge(figures: readonly LengthFigures[]) {
  const byLength = figures.toSorted((a, b) => a.minutes - b.minutes);
  const last = byLength[byLength.length - 1];
  const first = byLength.find(({ minutes }) => minutes >= FULL_BATCHES_MINUTES) ?? byLength[0];
  const rtfGrowth = last.rtf / first.rtf;
  const rssGrowth = last.steadyRss / first.steadyRss;
  const flat = rtfGrowth <= FLAT.rtf && rssGrowth <= FLAT.rss;
  return { from: first.minutes, to: last.minutes, rtfGrowth, rssGrowth, flat };
}

async function measureAlone(flags: EngineFlags, file: string): Promise<LengthRun> {
  const engine = await EngineProcess.load(flags);
  try {
    const { wall, duration, rss } = await engine.run(file);
    const steadyRss = median(rss.slice(Math.floor(rss.length / 2)));
    return { rtf: wall / 1000 / duration, steadyRss, peakRss: await engine.close() };
  } finally {
    engine.kill();
  }
}
