import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Command } from "commander";
import type { Transcriber } from "../src/asr/index.ts";
import {
  type EngineFlags,
  loadTranscriber,
  machine,
  mapConcurrently,
  print,
  transcribeWhole,
  withEngineFlags,
} from "./engine.ts";
import { formatTable } from "./metrics/table.ts";

interface ClipsFlags extends EngineFlags {
  clips: number;
  seconds: number;
  concurrency: number;
}

/** Name → how ffmpeg makes a clip of it. The first is the same sound in one file, which the others are held against. */
const KINDS: Readonly<Record<string, string[]>> = {
  "one WAV": [],
  "WAV, 16 kHz": ["-c:a", "pcm_s16le", "-ar", "16000"],
  FLAC: ["-c:a", "flac"],
  "Ogg Opus": ["-c:a", "libopus", "-b:a", "24k"],
  MP3: ["-c:a", "libmp3lame"],
  M4A: ["-c:a", "aac"],
};

const EXTENSIONS: Readonly<Record<string, string>> = {
  "WAV, 16 kHz": "wav",
  FLAC: "flac",
  "Ogg Opus": "ogg",
  MP3: "mp3",
  M4A: "m4a",
};

/** `bench clips RECORDING`: what many short files cost beside the same sound in one. */
export function clipsCommand(): Command {
  return withEngineFlags(new Command("clips"))
    .description(
      "speed with one recording cut into many short files of each format, beside the same sound in one WAV",
    )
    .argument("<recording>", "repeated until it is long enough")
    .option("--clips <n>", "files of each format", Number, 60)
    .option("--seconds <s>", "length of each", Number, 10)
    .option("--concurrency <n>", "recordings at once; as many short ones as `transcribe` takes", Number, 32)
    .action(run);
}

async function run(recording: string, flags: ClipsFlags): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "scriptorium-clips-"));
  const transcriber = await loadTranscriber(flags);
  try {
    const sets = await makeClips(recording, folder, flags);
    // Once unmeasured: the first recording pays for what all others find ready.
    await transcribeAll(transcriber, [sets[0]![1][0]!], 1);
    const audio = flags.clips * flags.seconds;
    let one = Number.NaN;
    const rows: string[][] = [];
    for (const [kind, files] of sets) {
      const seconds = await transcribeAll(transcriber, files, flags.concurrency);
      if (kind === "one WAV") one = seconds;
      const perFile = files.length === 1 ? "" : (((seconds - one) / files.length) * 1000).toFixed(0);
      rows.push([
        kind,
        String(files.length),
        (audio / seconds).toFixed(0),
        (seconds / one).toFixed(2),
        perFile,
      ]);
    }
    print(`${flags.clips} × ${flags.seconds} s; ${machine()}\n`);
    print(formatTable(["", "files", "× real time", "time / one WAV", "more, ms per file"], rows));
  } finally {
    await transcriber.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function transcribeAll(
  transcriber: Transcriber,
  files: readonly string[],
  width: number,
): Promise<number> {
  const started = performance.now();
  await mapConcurrently(files, width, (file) => transcribeWhole(transcriber, file));
  return (performance.now() - started) / 1000;
}

async function makeClips(
  recording: string,
  folder: string,
  { clips, seconds }: ClipsFlags,
): Promise<[string, string[]][]> {
  const whole = join(folder, "whole.wav");
  const endless = ["-stream_loop", "-1", "-i", recording];
  await ffmpeg(...endless, "-t", String(clips * seconds), "-ac", "1", "-ar", "16000", whole);
  const sets: [string, string[]][] = [];
  for (const [kind, options] of Object.entries(KINDS)) {
    const extension = EXTENSIONS[kind];
    if (extension === undefined) {
      sets.push([kind, [whole]]);
      continue;
    }
    const into = join(folder, extension);
    await mkdir(into);
    const pieces = ["-f", "segment", "-segment_time", String(seconds), join(into, `%04d.${extension}`)];
    await ffmpeg("-i", whole, ...options, ...pieces);
    const names = (await readdir(into)).sort().slice(0, clips);
    sets.push([kind, names.map((name) => join(into, name))]);
  }
  return sets;
}

async function ffmpeg(...args: readonly string[]): Promise<void> {
  await promisify(execFile)("ffmpeg", ["-nostdin", "-v", "error", "-y", ...args]);
}
