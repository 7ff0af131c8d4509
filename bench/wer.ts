import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { CONDITION_NAMES, CONDITIONS, type ConditionName, parseConditions } from "./conditions/conditions.ts";
import {
  type EngineFlags,
  loadTranscriber,
  mapConcurrently,
  print,
  transcribeWhole,
  withEngineFlags,
} from "./engine.ts";
import { ErrorRate } from "./metrics/error-rate.ts";
import { type ManifestRow, readManifest } from "./metrics/manifest.ts";
import { printWerReport, type WerRow } from "./wer-report.ts";
import { WholeRecogniser } from "./whole.ts";

interface WerFlags extends EngineFlags {
  json: boolean;
  conditions: string[];
  seed: number;
  split?: string;
  limit?: number;
  ctcWeight?: number;
  reverseWeight?: number;
  lmWeight?: number;
  beam?: number;
  whole: boolean;
  shifts: number;
  details: boolean;
  concurrency: number;
}

type Recogniser = Pick<WholeRecogniser, "read" | "close">;

/** Milliseconds of silence before a recording that each further trial has: a frame of the features, a fourth of the encoder's. */
const SHIFT_MS = 10;

const FIXTURES = fileURLToPath(new URL("../test/fixtures/manifest.tsv", import.meta.url));

/** `bench wer MANIFEST…`: error rates of the whole engine, segmentation included unless `--whole` is given. */
export function werCommand(): Command {
  return withEngineFlags(new Command("wer"))
    .description("word and character error rates by corpus and condition, with 95 % intervals")
    .argument("[manifests...]", "tab-separated, with columns path (relative to it) and transcript", [
      FIXTURES,
    ])
    .option("--conditions <names...>", `of ${CONDITION_NAMES.join(", ")}: made by ffmpeg`, CONDITION_NAMES)
    .option("--seed <n>", "of the noise and of the intervals", Number, 1)
    .option("--split <name>", "only rows whose column split has this value")
    .option("--limit <n>", "only the first rows of each", Number)
    .option("--ctc-weight <x>", "default: the pack's", Number)
    .option("--reverse-weight <x>", "default: the pack's", Number)
    .option("--lm-weight <x>", "of the language model, 0 for none; default: the pack's", Number)
    .option("--beam <n>", "default: the pack's", Number)
    .option("--whole", "every recording as one utterance, without segmentation", false)
    .option(
      "--shifts <n>",
      "with --whole: so often, each time with 10 ms more of silence before it",
      Number,
      1,
    )
    .option("--concurrency <n>", "recordings at once", Number, 8)
    .option("--details", "print reference and hypothesis of every utterance with an error", false)
    .option("--json", "print JSON", false)
    .action(run);
}

async function run(manifests: string[], flags: WerFlags): Promise<void> {
  if (flags.shifts > 1 && !flags.whole) throw new Error("--shifts needs --whole.");
  const conditions = parseConditions(flags.conditions);
  const corpora = await Promise.all(manifests.map((manifest) => readCorpus(manifest, flags)));
  const recogniser = await (flags.whole ? WholeRecogniser.load(flags) : segmenting(flags));
  const rows: WerRow[] = [];
  try {
    for (const corpus of corpora)
      for (const condition of conditions) rows.push(await measure(recogniser, corpus, condition, flags));
  } finally {
    await recogniser.close();
  }
  printWerReport({ model: flags.model, seed: flags.seed, rows }, flags.json);
}

interface Corpus {
  name: string;
  manifest: string;
  rows: ManifestRow[];
}

async function readCorpus(manifest: string, { split, limit }: WerFlags): Promise<Corpus> {
  const rows = (await readManifest(manifest))
    .filter((row) => split === undefined || row.columns.split === split)
    .slice(0, limit);
  if (rows.length === 0) throw new Error(`${manifest} has no row with split ${split}`);
  const file = basename(manifest, ".tsv");
  return { name: file === "manifest" ? basename(dirname(manifest)) : file, manifest, rows };
}

async function measure(
  recogniser: Recogniser,
  { name, manifest, rows }: Corpus,
  conditionName: ConditionName,
  flags: WerFlags,
): Promise<WerRow> {
  const condition = CONDITIONS[conditionName];
  const folder = await mkdtemp(join(tmpdir(), "scriptorium-bench-"));
  try {
    const paths = await mapConcurrently(rows, flags.concurrency, async ({ path }, at) => {
      if (condition.extension === null) return path;
      const made = join(folder, `${at}.${condition.extension}`);
      await condition.make(path, made, flags.seed + at);
      return made;
    });
    const trials = paths.flatMap((path, at) =>
      Array.from({ length: flags.shifts }, (_, n) => ({ path, row: rows[at], leadMs: n * SHIFT_MS })),
    );
    const started = performance.now();
    const results = await mapConcurrently(trials, flags.concurrency, ({ path, leadMs }) =>
      recogniser.read(path, options(flags), leadMs),
    );
    const wallSeconds = (performance.now() - started) / 1000;
    const repeated = trials.map(({ row }) => row);
    const rate = score(repeated, results, flags.details ? `${name}, ${condition.title}` : null);
    const audioSeconds = results.reduce((sum, result) => sum + result.duration, 0);
    return {
      corpus: name,
      manifest,
      condition: conditionName,
      utterances: rows.length,
      audio_seconds: audioSeconds,
      rtf: wallSeconds / audioSeconds,
      wer: rate.wer,
      wer_95: rate.words.reference > 0 ? rate.werInterval(flags.seed) : null,
      cer: rate.cer,
      words: rate.words,
      characters: rate.characters,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function options({ ctcWeight, reverseWeight, lmWeight, beam }: WerFlags) {
  return {
    ...(ctcWeight !== undefined && { ctcWeight }),
    ...(reverseWeight !== undefined && { reverseWeight }),
    ...(lmWeight !== undefined && { languageModelWeight: lmWeight }),
    ...(beam !== undefined && { beam }),
  };
}

/** Under `title`, if there is one, every utterance with an error is printed. */
function score(
  rows: readonly ManifestRow[],
  results: readonly { text: string }[],
  title: string | null,
): ErrorRate {
  const rate = new ErrorRate();
  for (const [index, row] of rows.entries()) {
    const { text } = results[index];
    const before = errors(rate.words);
    rate.add(row.transcript, text);
    if (title !== null && errors(rate.words) > before)
      print(`${row.path} (${title})\n  REF ${row.transcript}\n  HYP ${text}`);
  }
  return rate;
}

async function segmenting(flags: EngineFlags): Promise<Recogniser> {
  const transcriber = await loadTranscriber(flags);
  return {
    read: (path, options) => transcribeWhole(transcriber, path, options),
    close: () => transcriber.close(),
  };
}

function errors({ substitutions, insertions, deletions }: ErrorRate["words"]): number {
  return substitutions + insertions + deletions;
}
