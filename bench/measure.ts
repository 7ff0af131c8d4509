import type { Progress, StageTimes, Transcriber } from "../src/asr/index.ts";
import { transcribeWhole } from "./engine.ts";

export const STAGES = ["decode", "segment", "frontend", "encoder", "beam", "rescoring", "align"] as const;
export const INSIDE_ONNXRUNTIME: readonly string[] = ["frontend", "encoder", "rescoring"];

/** One recording, once through the engine. */
export interface Run {
  stages: StageTimes; // ms, summed over threads
  /** CPU time of the process that no stage accounts for, ms. */
  rest: number;
  wall: number; // ms
  duration: number; // s of audio
  text: string;
}

/** Nothing else may be at work in this process. */
export async function measure(
  transcriber: Transcriber,
  file: string,
  onProgress: (progress: Progress) => void = () => {},
): Promise<Run> {
  const before = transcriber.stageTimes();
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  const { duration, text } = await transcribeWhole(transcriber, file, { onProgress });
  const wall = performance.now() - started;
  const cpu = process.cpuUsage(cpuBefore);
  const stages = transcriber.stageTimes();
  for (const stage of STAGES) stages[stage] -= before[stage];
  const accounted = STAGES.reduce((sum, stage) => sum + stages[stage], 0);
  return { stages, rest: Math.max(0, (cpu.user + cpu.system) / 1000 - accounted), wall, duration, text };
}
