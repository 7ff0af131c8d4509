import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { type EngineFlags, loadTranscriber, print, transcribeWhole, withEngineFlags } from "../engine.ts";
import { mean, median, percentile } from "../metrics/statistics.ts";
import { formatTable } from "../metrics/table.ts";
import { type SpokenWord, speak, VOICES } from "./flite.ts";

const TEXTS = [
  "one hundred twenty three",
  "june eleventh nineteen sixty seven",
  "two thousand five hundred fifty two",
  "enter eight seven three",
  "repeat nine four one",
  "september second nineteen eighty",
  "forty three twenty three",
  "start yes no stop help",
  "seventy six thousand",
  "march third nineteen ninety nine",
  "fifteen hundred and eleven",
  "zero five four one two",
  "go erase forty eight",
  "october thirtieth nineteen fifty",
];

/** `bench times`: times of words against those of the synthesiser that spoke them. */
export function timesCommand(): Command {
  return withEngineFlags(new Command("times"))
    .description("times of words, against the phone times of the synthesiser that spoke them (needs flite)")
    .action(run);
}

async function run(flags: EngineFlags): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "scriptorium-times-"));
  const transcriber = await loadTranscriber(flags);
  try {
    const starts: number[] = [];
    const ends: number[] = [];
    let [read, spoken] = [0, 0];
    for (const voice of VOICES)
      for (const text of TEXTS) {
        const file = join(folder, "speech.wav");
        const expected = await speak(text, voice, file);
        if (!expected) continue;
        spoken++;
        const words = (await transcribeWhole(transcriber, file)).segments.flatMap((segment) => segment.words);
        if (!areThese(words, expected)) continue;
        read++;
        starts.push(...words.map(({ start }, at) => start - expected[at].start));
        ends.push(...words.map(({ end }, at) => end - expected[at].end));
      }
    print(
      `${read} of ${spoken} utterances by ${VOICES.length} voices read without a mistake: ${starts.length} words`,
    );
    print(report(starts, ends));
  } finally {
    await transcriber.close();
    await rm(folder, { recursive: true });
  }
}

function areThese(words: readonly { word: string }[], expected: readonly SpokenWord[]): boolean {
  return words.map(({ word }) => word).join(" ") === expected.map(({ word }) => word.toUpperCase()).join(" ");
}

function report(starts: readonly number[], ends: readonly number[]): string {
  const columns = ["found − spoken, ms", "mean", "median", "mean of absolutes", "90 % within"];
  const row = (name: string, differences: readonly number[]) => {
    const absolute = differences.map(Math.abs);
    const figures = [mean(differences), median(differences), mean(absolute), percentile(absolute, 90)];
    return [name, ...figures.map((seconds) => Math.round(1000 * seconds))];
  };
  return formatTable(columns, [row("starts", starts), row("ends", ends)]);
}
