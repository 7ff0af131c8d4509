import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import {
  BUNDLED_PACK,
  type EngineFlags,
  loadTranscriber,
  machine,
  print,
  transcribeWhole,
  withEngineFlags,
} from "./engine.ts";
import { formatTable } from "./metrics/table.ts";
import { readSamples, writeLongWav } from "./speech.ts";
import { joinSamples, toWav } from "./wav.ts";

interface MemoryFlags extends EngineFlags {
  minutes: number;
  files: number;
}

const MEGABYTE = 1024 * 1024;
const GOLDEN = ["2-kal16", "2-awb", "8-slt"];

/** `bench memory`: resident memory over one long recording, and over many files in one process. */
export function memoryCommand(): Command {
  return withEngineFlags(new Command("memory"))
    .description("resident memory over a long recording and over many files")
    .option("--minutes <n>", "length of the long recording; 0 leaves it out", Number, 600)
    .option("--files <n>", "files one after another; 0 leaves them out", Number, 200)
    .action(async (flags: MemoryFlags) => {
      const folder = await mkdtemp(join(tmpdir(), "scriptorium-bench-"));
      print(machine());
      try {
        if (flags.minutes > 0) await longRecording(flags, folder);
        if (flags.files > 0) await manyFiles(flags);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
}

async function longRecording(flags: MemoryFlags, folder: string): Promise<void> {
  const path = join(folder, "long.wav");
  await writeLongWav(path, flags.minutes * 60, await speechWithPauses());
  const transcriber = await loadTranscriber(flags);
  const loaded = rss();
  const rows: string[][] = [];
  const step = (flags.minutes * 60) / 20;
  const transcription = transcriber.transcribe(path, {
    onProgress({ done }) {
      if (done < (rows.length + 1) * step) return;
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      const megabytes = [rss(), heapUsed / MEGABYTE, arrayBuffers / MEGABYTE].map((size) => size.toFixed(0));
      rows.push([(done / 60).toFixed(0), ...megabytes, (performance.now() / 1000).toFixed(1)]);
    },
  });
  let words = 0;
  for await (const segment of transcription) words += segment.words.length;
  const { totalMs } = transcription.timing;
  await transcriber.close();
  print(`\none recording of ${flags.minutes} minutes, ${words} words; after loading ${loaded.toFixed(0)} MB`);
  print(formatTable(["minute", "RSS MB", "main heap MB", "buffers MB", "clock s"], rows));
  const peak = process.resourceUsage().maxRSS / 1024;
  print(`peak RSS ${peak.toFixed(0)} MB, RTF ${(totalMs / 1000 / transcription.audio.duration).toFixed(5)}`);
}

async function manyFiles(flags: MemoryFlags): Promise<void> {
  const speech = await speechWithPauses();
  const transcriber = await loadTranscriber(flags);
  const rows: string[][] = [];
  for (let file = 1; file <= flags.files; file++) {
    // Every file of another length, so that no two batches have the same shape.
    await transcribeWhole(transcriber, toWav(speech.subarray(0, speech.length - file * 160)));
    if (file % Math.ceil(flags.files / 10) === 0) rows.push([String(file), rss().toFixed(0)]);
  }
  await transcriber.close();
  print(`\n${flags.files} files, one after another in one process`);
  print(formatTable(["files", "RSS MB"], rows));
}

async function speechWithPauses(): Promise<Int16Array> {
  const pause = new Int16Array(16_000);
  const parts = await Promise.all(
    GOLDEN.map((name) => readSamples(join(BUNDLED_PACK, "golden", `${name}.wav`))),
  );
  return joinSamples(parts.flatMap((part) => [part, pause]));
}

function rss(): number {
  return process.memoryUsage().rss / MEGABYTE;
}
