import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import {
  collect,
  type DeviceChoice,
  type EngineOptions,
  type Precision,
  type RecognisedSegment,
  type TranscribeOptions,
  Transcriber,
} from "../src/asr/index.ts";

/** The bundled pack and recordings that may be committed. */
export const BUNDLED_PACK = fileURLToPath(new URL("../models/u2pp-moe-en-41m", import.meta.url));

/** How the engine is to run. */
export interface PlanFlags {
  device: DeviceChoice;
  sessions?: number;
  threads?: number;
  batchSeconds?: number;
  batchUtterances?: number;
  segmentThreads?: number;
  precision?: Precision;
}

export interface EngineFlags extends PlanFlags {
  model: string;
}

/** The options of every benchmark that loads one pack. */
export function withEngineFlags(command: Command): Command {
  return withPlanFlags(command.option("--model <folder>", "model pack", BUNDLED_PACK));
}

/** Of those that load several: how the engine is to run, not what. */
export function withPlanFlags(command: Command): Command {
  return command
    .option("--device <device>", "auto, cpu, webgpu or cuda", "cpu")
    .option("--sessions <n>", "copies of the graphs", Number)
    .option("--threads <n>", "threads of each session", Number)
    .option("--batch-seconds <s>", "audio in a batch", Number)
    .option("--batch-utterances <n>", "utterances in a batch", Number)
    .option("--segment-threads <n>", "threads that look for speech; default: by the device", Number);
}

export function loadTranscriber(flags: EngineFlags): Promise<Transcriber> {
  return Transcriber.load(flags.model, engineOptions(flags));
}

export function engineOptions(flags: PlanFlags): EngineOptions {
  const { device, sessions, threads, batchSeconds, batchUtterances, segmentThreads, precision } = flags;
  return {
    device,
    ...(sessions !== undefined && { sessions }),
    ...(threads !== undefined && { threadsPerSession: threads }),
    ...(batchSeconds !== undefined && { batchSeconds }),
    ...(batchUtterances !== undefined && { batchUtterances }),
    ...(segmentThreads !== undefined && { segmentThreads }),
    ...(precision !== undefined && { precision }),
  };
}

export interface Transcribed {
  segments: RecognisedSegment[];
  /** As heard. */
  text: string;
  /** Seconds of audio. */
  duration: number;
}

export async function transcribeWhole(
  transcriber: Transcriber,
  source: string | Uint8Array,
  options: TranscribeOptions = {},
): Promise<Transcribed> {
  const transcription = transcriber.transcribe(source, options);
  const segments = await collect(transcription);
  return {
    segments,
    text: segments.map((segment) => segment.verbatimText).join(" "),
    duration: transcription.audio.duration,
  };
}

/** Run `work` on every item, `width` at a time; results in order. */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  const next = items.entries();
  const takeTurns = async () => {
    for (const [index, item] of next) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: width }, takeTurns));
  return results;
}

/** One line about the machine, for the notebook. */
export function machine(): string {
  return `${cpus()[0]?.model ?? "unknown CPU"}, ${availableParallelism()} cores, Node ${process.versions.node}`;
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** What a person may watch, but no pipe should read. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
