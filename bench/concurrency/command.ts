import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { type EngineFlags, loadTranscriber, machine, print, withEngineFlags } from "../engine.ts";
import { median } from "../metrics/statistics.ts";
import { formatTable } from "../metrics/table.ts";
import { measureThroughput, type Throughput } from "./measure.ts";
import { drawLengths, type Lengths, makeRecordings } from "./recordings.ts";

interface ConcurrencyFlags extends EngineFlags, Lengths {
  at: string[];
  runs: number;
  json: boolean;
}

/** `bench concurrency`: whether batches across recordings cost throughput, or change a text. */
export function concurrencyCommand(): Command {
  return withEngineFlags(new Command("concurrency"))
    .description(
      "throughput of several recordings of mixed length at a time, against all their utterances at once; exits 1 where a text is another than alone",
    )
    .option("--at <n...>", "recordings at a time", ["1", "4", "16", "64"])
    .option("--recordings <n>", "in all", Number, 64)
    .option("--median <s>", "of their log-normal lengths", Number, 60)
    .option("--shortest <s>", "lengths are cut off here", Number, 2)
    .option("--longest <s>", "and here", Number, 1200)
    .option("--seed <n>", "of lengths and content", Number, 1)
    .option("--runs <n>", "counted runs, after one", Number, 5)
    .option("--json", "print JSON", false)
    .action(async (flags: ConcurrencyFlags) => {
      const throughput = await runConcurrency(flags, flags.at.map(Number), flags.runs);
      const facts = `${flags.model}; ${flags.recordings} recordings, median ${flags.median} s, seed ${flags.seed}; ${machine()}; medians of ${flags.runs} runs`;
      print(
        flags.json
          ? JSON.stringify({ facts, ...concurrencyJson(throughput) })
          : `${facts}\n\n${concurrencyText(throughput)}`,
      );
      if (throughput.changed.length > 0) process.exitCode = 1;
    });
}

export async function runConcurrency(
  flags: EngineFlags & Lengths,
  widths: readonly number[],
  runs: number,
): Promise<Throughput> {
  await using folder = await mkdtempDisposable(join(tmpdir(), "scriptorium-bench-"));
  const recordings = await makeRecordings(drawLengths(flags), flags.seed);
  const paths = recordings.map((_, index) => join(folder.path, `${index}.wav`));
  for (const [index, path] of paths.entries()) await writeFile(path, recordings[index]);
  const transcriber = await loadTranscriber(flags);
  try {
    return await measureThroughput(transcriber, paths, widths, runs);
  } finally {
    await transcriber.close();
  }
}

/** Audio seconds per second. */
export function concurrencyJson({ audioSeconds, utterances, batch, levels, changed }: Throughput) {
  return {
    audio_seconds: audioSeconds,
    utterances,
    all_at_once: audioSeconds / median(batch),
    levels: levels.map(({ width, seconds }) => ({
      at_a_time: width,
      throughput: audioSeconds / median(seconds),
      // Of pairs of runs, since they went by turns.
      of_all_at_once: median(seconds.map((one, run) => batch[run] / one)),
    })),
    changed_texts: changed,
  };
}

export function concurrencyText(throughput: Throughput): string {
  const { audio_seconds, utterances, all_at_once, levels, changed_texts } = concurrencyJson(throughput);
  const rows = levels.map(({ at_a_time, throughput: rate, of_all_at_once }) => [
    String(at_a_time),
    rate.toFixed(1),
    `${(100 * of_all_at_once).toFixed(1)} %`,
  ]);
  return [
    `${(audio_seconds / 60).toFixed(1)} min, ${utterances} utterances`,
    formatTable(
      ["recordings at a time", "audio s per s", "of all utterances at once"],
      [["all utterances at once", all_at_once.toFixed(1), "100.0 %"], ...rows],
    ),
    changed_texts.length === 0
      ? "every text is the text alone"
      : `${changed_texts.length} recordings have another text than alone:`,
    ...changed_texts.map(
      ({ recording, width, alone, text }) =>
        `recording ${recording} among ${width}\n  - ${alone}\n  + ${text}`,
    ),
  ].join("\n");
}
