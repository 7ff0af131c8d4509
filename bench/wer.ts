import { Command } from "commander";
import {
  type EngineFlags,
  loadTranscriber,
  machine,
  mapConcurrently,
  print,
  transcribeWhole,
  withEngineFlags,
} from "./engine.ts";
import { ErrorRate } from "./metrics/error-rate.ts";
import { readManifest } from "./metrics/manifest.ts";
import { formatTable } from "./metrics/table.ts";
import { WholeRecogniser } from "./whole.ts";

interface WerFlags extends EngineFlags {
  json: boolean;
  split?: string;
  limit?: number;
  ctcWeight?: number;
  reverseWeight?: number;
  lmWeight?: number;
  beam?: number;
  whole: boolean;
  details: boolean;
  concurrency: number;
}

/** `bench wer MANIFEST.tsv`: error rates of the whole engine, segmentation included unless `--whole` is given. */
export function werCommand(): Command {
  return withEngineFlags(new Command("wer"))
    .description("word and character error rates over a manifest with the columns path and transcript")
    .argument("<manifest>", "tab-separated; paths are relative to it")
    .option("--split <name>", "only rows whose column split has this value")
    .option("--limit <n>", "only the first rows", Number)
    .option("--ctc-weight <x>", "default: the pack's", Number)
    .option("--reverse-weight <x>", "default: the pack's", Number)
    .option("--lm-weight <x>", "of the language model, 0 for none; default: the pack's", Number)
    .option("--beam <n>", "default: the pack's", Number)
    .option("--whole", "every recording as one utterance, without segmentation", false)
    .option("--concurrency <n>", "recordings at once", Number, 8)
    .option("--details", "print reference and hypothesis of every utterance with an error", false)
    .option("--json", "print JSON", false)
    .action(run);
}

async function run(manifest: string, flags: WerFlags): Promise<void> {
  const all = await readManifest(manifest);
  const rows = all
    .filter((row) => flags.split === undefined || row.columns.split === flags.split)
    .slice(0, flags.limit);
  if (rows.length === 0) throw new Error(`${manifest} has no row with split ${flags.split}`);
  const recogniser = await (flags.whole ? WholeRecogniser.load(flags) : segmenting(flags));
  const { ctcWeight, reverseWeight, lmWeight, beam } = flags;
  const options = {
    ...(ctcWeight !== undefined && { ctcWeight }),
    ...(reverseWeight !== undefined && { reverseWeight }),
    ...(lmWeight !== undefined && { languageModelWeight: lmWeight }),
    ...(beam !== undefined && { beam }),
  };
  const started = performance.now();
  const results = await mapConcurrently(rows, flags.concurrency, (row) => recogniser.read(row.path, options));
  const wallSeconds = (performance.now() - started) / 1000;
  await recogniser.close();

  const rate = new ErrorRate();
  for (const [index, row] of rows.entries()) {
    const { text } = results[index];
    const before = errors(rate.words);
    rate.add(row.transcript, text);
    if (flags.details && errors(rate.words) > before)
      print(`${row.path}\n  REF ${row.transcript}\n  HYP ${text}`);
  }
  const audioSeconds = results.reduce((sum, result) => sum + result.duration, 0);
  report({ manifest, utterances: rows.length, audioSeconds, wallSeconds, rate }, flags.json);
}

async function segmenting(flags: EngineFlags): Promise<Pick<WholeRecogniser, "read" | "close">> {
  const transcriber = await loadTranscriber(flags);
  return {
    read: (path, options) => transcribeWhole(transcriber, path, options),
    close: () => transcriber.close(),
  };
}

function errors({ substitutions, insertions, deletions }: ErrorRate["words"]): number {
  return substitutions + insertions + deletions;
}

interface Report {
  manifest: string;
  utterances: number;
  audioSeconds: number;
  wallSeconds: number;
  rate: ErrorRate;
}

function report({ manifest, utterances, audioSeconds, wallSeconds, rate }: Report, json: boolean): void {
  const { words, characters } = rate;
  const rtf = wallSeconds / audioSeconds;
  if (json) {
    const figures = {
      utterances,
      audio_seconds: audioSeconds,
      rtf,
      wer: rate.wer,
      cer: rate.cer,
      words,
      characters,
    };
    print(JSON.stringify({ manifest, machine: machine(), ...figures }));
    return;
  }
  print(
    `${manifest}: ${utterances} utterances, ${(audioSeconds / 60).toFixed(1)} min; ${machine()}; RTF ${rtf.toFixed(5)}\n`,
  );
  const row = (unit: string, value: number, counts: typeof words) => [
    unit,
    (100 * value).toFixed(2),
    ...[counts.substitutions, counts.insertions, counts.deletions, counts.reference].map(String),
  ];
  print(
    formatTable(
      ["", "error rate %", "substitutions", "insertions", "deletions", "reference"],
      [row("words", rate.wer, words), row("characters", rate.cer, characters)],
    ),
  );
}
