import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Command } from "commander";
import {
  type EngineFlags,
  loadTranscriber,
  mapConcurrently,
  print,
  transcribeWhole,
  withEngineFlags,
} from "./engine.ts";
import { ErrorRate } from "./metrics/error-rate.ts";
import { readManifest } from "./metrics/manifest.ts";
import { seededRandom } from "./random.ts";
import { joinSamples, toWav } from "./wav.ts";

interface BordersFlags extends EngineFlags {
  group: number;
  groups: number;
  split?: string;
  seed: number;
}

/** Level of the noise in the gaps, about −70 dBFS: real pauses are never digital silence. */
const GAP_AMPLITUDE = 10;

/** `bench borders MANIFEST.tsv`: what cutting a long recording into segments costs in words. */
export function bordersCommand(): Command {
  return withEngineFlags(new Command("borders"))
    .description("error rate of utterances alone and joined with gaps of 0.1 to 3 s")
    .argument("<manifest>")
    .option("--group <n>", "utterances joined into one recording", Number, 20)
    .option("--groups <n>", "recordings", Number, 10)
    .option("--split <name>", "only rows whose column split has this value")
    .option("--seed <n>", "of the choice of utterances and gaps", Number, 1)
    .action(run);
}

async function run(manifest: string, flags: BordersFlags): Promise<void> {
  const random = seededRandom(flags.seed);
  const rows = (await readManifest(manifest)).filter(
    (row) => flags.split === undefined || row.columns.split === flags.split,
  );
  const chosen = shuffle(rows, random).slice(0, flags.group * flags.groups);
  const audio = await mapConcurrently(chosen, 2, (row) => decode(row.path));
  const transcriber = await loadTranscriber(flags);
  const alone = new ErrorRate();
  const joined = new ErrorRate();
  const single = await mapConcurrently(audio, 8, (samples) => transcribeWhole(transcriber, toWav(samples)));
  for (const [index, row] of chosen.entries()) alone.add(row.transcript, single[index].text);
  for (let start = 0; start < chosen.length; start += flags.group) {
    const parts = audio.slice(start, start + flags.group).flatMap((samples) => [samples, gap(random)]);
    const { text } = await transcribeWhole(transcriber, toWav(joinSamples(parts)));
    joined.add(
      chosen
        .slice(start, start + flags.group)
        .map((row) => row.transcript)
        .join(" "),
      text,
    );
  }
  await transcriber.close();
  const [before, after] = [100 * alone.wer, 100 * joined.wer];
  print(
    `${chosen.length} utterances of ${manifest}, in recordings of ${flags.group}, gaps 0.1 to 3 s, seed ${flags.seed}`,
  );
  print(
    `WER alone ${before.toFixed(2)} %, joined ${after.toFixed(2)} %, difference ${(after - before).toFixed(2)}`,
  );
}

async function decode(path: string): Promise<Int16Array> {
  const args = ["-v", "error", "-i", path, "-f", "s16le", "-ar", "16000", "-ac", "1", "-"];
  const { stdout } = await promisify(execFile)("ffmpeg", args, { encoding: "buffer", maxBuffer: 1 << 28 });
  return new Int16Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + (stdout.length & ~1)));
}

function gap(random: () => number): Int16Array {
  const samples = new Int16Array(Math.round(16_000 * (0.1 + 2.9 * random())));
  return samples.map(() => Math.round(GAP_AMPLITUDE * (2 * random() - 1)));
}

function shuffle<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
