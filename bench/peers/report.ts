import { print } from "../engine.ts";
import { formatTable } from "../metrics/table.ts";
import type { Entry } from "./contestant.ts";
import type { Race, Result } from "./race.ts";

/** A contestant that could not be started. */
export interface LeftOut {
  name: string;
  reason: string;
}

export interface Report {
  machine: string;
  model: string;
  manifest: string;
  runs: number;
  contestants: (Entry["facts"] & { name: string; versions: string })[];
  left_out: LeftOut[];
  races: Race[];
}

export function printReport(report: Report): void {
  print(`${report.machine}; ${report.model}; ${report.manifest}`);
  print(`CPU; medians of ${report.runs} passes by turns after a warm-up\n`);
  const facts = report.contestants.map((one) => [
    one.name,
    one.precision,
    one.search,
    one.rescoring,
    one.parallel,
    one.batch,
    one.versions,
  ]);
  print(formatTable(["", "precision", "search", "rescoring", "parallel", "batch", "versions"], facts));
  for (const { name, reason } of report.left_out) print(`\nleft out: ${name}: ${reason.trimEnd()}`);
  for (const race of report.races) printRace(race);
}

function printRace({ work, audio_seconds, parts, results }: Race): void {
  print(`\n${work}: ${audio_seconds.toFixed(1)} s of audio, ${parts} parts\n`);
  const rows = results.map((result) => [
    result.name,
    result.seconds.toFixed(2),
    result.cpu_seconds.toFixed(2),
    result.rtf.toFixed(5),
    (1 / result.rtf).toFixed(1),
    result.times_ours.toFixed(2),
    (100 * result.wer).toFixed(2),
    result.wer_openai === null ? "" : (100 * result.wer_openai).toFixed(2),
    result.equal_to_greedy === null ? "" : (100 * result.equal_to_greedy).toFixed(1),
    stagesOf(result),
  ]);
  const titles = [
    "",
    "s",
    "CPU s",
    "RTF",
    "× real time",
    "times ours",
    "WER %",
    "WER %, OpenAI's normaliser",
    "equal to greedy %",
    "stages, ms over all threads",
  ];
  print(formatTable(titles, rows));
}

function stagesOf({ stages_ms }: Result): string {
  return Object.entries(stages_ms)
    .map(([stage, ms]) => `${stage} ${ms.toFixed(0)}`)
    .join(", ");
}
