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
import { seededRandom, shuffle } from "./random.ts";
import { joinSamples, toWav } from "./wav.ts";

interface BordersFlags extends EngineFlags {
  group: number;
  groups: number;
  split?: string;
  seed: number;
}

/** What the gaps are made of: an edit's digital silence, or white noise of −76 dBFS that no recording here has. */
const GAPS = { "digital silence": 0, "white noise at -76 dBFS": 10 } as const;

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
  const single = await mapConcurrently(audio, 8, (samples) => transcribeWhole(transcriber, toWav(samples)));
  for (const [index, row] of chosen.entries()) alone.add(row.transcript, single[index].text);
  print(
    `${chosen.length} utterances of ${manifest}, in recordings of ${flags.group}, gaps 0.1 to 3 s, seed ${flags.seed}`,
  );
  print(`WER alone ${percent(alone.wer)}`);
  const gaps = chosen.map(() => Math.round(16_000 * (0.1 + 2.9 * random())));
  for (const [kind, amplitude] of Object.entries(GAPS)) {
    const joined = new ErrorRate();
    for (let start = 0; start < chosen.length; start += flags.group) {
      const members = audio.slice(start, start + flags.group);
      const parts = members.flatMap((samples, index) => [
        samples,
        gap(gaps[start + index], amplitude, random),
      ]);
      const { text } = await transcribeWhole(transcriber, toWav(joinSamples(parts)));
      joined.add(
        chosen
          .slice(start, start + flags.group)
          .map((row) => row.transcript)
          .join(" "),
        text,
      );
    }
    print(`WER joined by ${kind} ${percent(joined.wer)}, difference ${percent(joined.wer - alone.wer)}`);
  }
  await transcriber.close();
}

function percent(rate: number): string {
  return `${(100 * rate).toFixed(2)} %`;
}

async function decode(path: string): Promise<Int16Array> {
  const args = ["-v", "error", "-i", path, "-f", "s16le", "-ar", "16000", "-ac", "1", "-"];
  const { stdout } = await promisify(execFile)("ffmpeg", args, { encoding: "buffer", maxBuffer: 1 << 28 });
  return new Int16Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + (stdout.length & ~1)));
}

function gap(samples: number, amplitude: number, random: () => number): Int16Array {
  return Int16Array.from({ length: samples }, () => Math.round(amplitude * (2 * random() - 1)));
}
