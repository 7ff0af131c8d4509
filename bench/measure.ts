import type { Progress, StageTimes, Transcriber } from "../src/asr/index.ts";

export const STAGES = [
  "decode",
  "segment",
  "frontend",
  "encoder",
  "beam",
  "rescoring",
  "align",
  "punctuation",
] as const;

/** One recording, once through the engine. */
export interface Run {
  stages: StageTimes; // ms, summed over threads
  /** CPU time of the process, ms: onnxruntime's own threads included, ffmpeg not. */
  cpu: number;
  /** The part of it that was spent outside onnxruntime: on the main thread, in the search and in alignment. */
  cpuOutside: number;
  /** On the main thread alone: what it cannot share, however fast the rest is. */
  main: number;
  wall: number; // ms
  duration: number; // s of audio
}

/** Nothing else may be at work in this process. */
export async function measure(
  transcriber: Transcriber,
  file: string,
  onProgress: (progress: Progress) => void = () => {},
): Promise<Run> {
  const before = transcriber.stageTimes();
  const cpuBefore = process.cpuUsage();
  const mainBefore = process.threadCpuUsage();
  const started = performance.now();
  const transcription = transcriber.transcribe(file, { onProgress });
  // A transcript of ten hours is not the engine's memory: nothing of it is kept.
  for await (const _ of transcription);
  const { duration } = transcription.audio;
  const wall = performance.now() - started;
  const cpu = milliseconds(process.cpuUsage(cpuBefore));
  const main = milliseconds(process.threadCpuUsage(mainBefore));
  const stages = transcriber.stageTimes();
  for (const stage of STAGES) stages[stage] -= before[stage];
  return { stages, cpu, cpuOutside: main + stages.beam + stages.align, main, wall, duration };
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}
