import { CONDITIONS, type ConditionName } from "./conditions/conditions.ts";
import { machine, print } from "./engine.ts";
import type { Interval } from "./metrics/bootstrap.ts";
import type { ErrorTotals } from "./metrics/error-rate.ts";
import { formatTable } from "./metrics/table.ts";

/** One corpus in one condition. Rates are fractions. */
export interface WerRow {
  corpus: string;
  manifest: string;
  condition: ConditionName;
  utterances: number;
  audio_seconds: number;
  rtf: number;
  wer: number;
  /** By bootstrap over utterances; null without a reference word. */
  wer_95: Interval | null;
  cer: number;
  words: ErrorTotals;
  characters: ErrorTotals;
}

export interface WerReport {
  model: string;
  seed: number;
  rows: WerRow[];
}

const TITLES = [
  "corpus",
  "condition",
  "utterances",
  "minutes",
  "words",
  "WER %",
  "95 %",
  "times clean",
  "sub.",
  "ins.",
  "del.",
  "CER %",
  "RTF",
];

export function printWerReport(report: WerReport, json: boolean): void {
  if (json) {
    print(JSON.stringify({ machine: machine(), ...report }));
    return;
  }
  print(`${report.model}; ${machine()}; intervals by 1,000 bootstraps of utterances, seed ${report.seed}\n`);
  print(
    formatTable(
      TITLES,
      report.rows.map((row) => cells(row, report.rows)),
    ),
  );
}

function cells(row: WerRow, all: readonly WerRow[]) {
  const clean = all.find(({ manifest, condition }) => manifest === row.manifest && condition === "clean");
  const { substitutions, insertions, deletions, reference } = row.words;
  return [
    row.corpus,
    CONDITIONS[row.condition].title,
    row.utterances,
    (row.audio_seconds / 60).toFixed(1),
    reference,
    percent(row.wer),
    row.wer_95 && `${percent(row.wer_95.low)} to ${percent(row.wer_95.high)}`,
    clean && clean !== row && clean.wer > 0 ? (row.wer / clean.wer).toFixed(2) : null,
    substitutions,
    insertions,
    deletions,
    percent(row.cer),
    row.rtf.toFixed(5),
  ];
}

function percent(rate: number): string {
  return (100 * rate).toFixed(2);
}
