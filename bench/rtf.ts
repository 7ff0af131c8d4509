import { Command } from "commander";
import type { StageTimes } from "../src/asr/index.ts";
import {
  type EngineFlags,
  loadTranscriber,
  machine,
  print,
  transcribeWhole,
  withEngineFlags,
} from "./engine.ts";
import { median } from "./metrics/statistics.ts";
import { formatTable } from "./metrics/table.ts";

const INSIDE_ONNXRUNTIME = ["frontend", "encoder", "rescoring"] as const;
const STAGES = ["decode", "segment", "frontend", "encoder", "beam", "rescoring", "align"] as const;

interface Run {
  stages: StageTimes; // ms
  /** CPU time of the process that no stage accounts for, ms. */
  rest: number;
  wall: number; // ms
  duration: number; // s of audio
}

/** `bench rtf FILE`: where the time of one recording goes. */
export function rtfCommand(): Command {
  return withEngineFlags(new Command("rtf"))
    .description("time by stage for one recording, medians over several runs after a warm-up")
    .argument("<file>")
    .option("--runs <n>", "counted runs", Number, 5)
    .option("--json", "print JSON", false)
    .action(async (file: string, flags: EngineFlags & { runs: number; json: boolean }) => {
      const transcriber = await loadTranscriber(flags);
      const runs: Run[] = [];
      for (let run = 0; run <= flags.runs; run++) {
        const measured = await measure(transcriber, file);
        if (run > 0) runs.push(measured);
      }
      await transcriber.close();
      report(file, runs, flags.json);
    });
}

async function measure(transcriber: Awaited<ReturnType<typeof loadTranscriber>>, file: string): Promise<Run> {
  const before = transcriber.stageTimes();
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  const { duration } = await transcribeWhole(transcriber, file);
  const wall = performance.now() - started;
  const cpu = process.cpuUsage(cpuBefore);
  const after = transcriber.stageTimes();
  const stages = { ...after };
  for (const stage of STAGES) stages[stage] -= before[stage];
  const accounted = STAGES.reduce((sum, stage) => sum + stages[stage], 0);
  return { stages, rest: Math.max(0, (cpu.user + cpu.system) / 1000 - accounted), wall, duration };
}

function report(file: string, runs: Run[], json: boolean): void {
  const seconds = runs[0].duration;
  const times: [string, number][] = STAGES.map((stage) => [
    stage,
    median(runs.map((run) => run.stages[stage])),
  ]);
  times.push(["rest", median(runs.map((run) => run.rest))]);
  const total = times.reduce((sum, [, ms]) => sum + ms, 0);
  const outside = times.filter(([stage]) => !(INSIDE_ONNXRUNTIME as readonly string[]).includes(stage));
  const outsideMs = outside.reduce((sum, [, ms]) => sum + ms, 0);
  const wall = median(runs.map((run) => run.wall));
  const beam = times.find(([stage]) => stage === "beam")?.[1] ?? 0;
  const result = {
    file,
    machine: machine(),
    runs: runs.length,
    audio_seconds: seconds,
    wall_ms: wall,
    rtf: wall / 1000 / seconds,
    stages_ms: Object.fromEntries(times),
    outside_onnxruntime_share: outsideMs / total,
    beam_times_real_time: (seconds * 1000) / beam,
  };
  if (json) {
    print(JSON.stringify(result));
    return;
  }
  print(`${file}: ${seconds.toFixed(1)} s of audio; ${result.machine}; medians of ${runs.length} runs\n`);
  const rows = times.map(([stage, ms]) => [
    stage,
    ms.toFixed(1),
    (ms / 1000 / seconds).toFixed(5),
    percent(ms / total),
  ]);
  rows.push(["sum over threads", total.toFixed(1), (total / 1000 / seconds).toFixed(5), "100.0 %"]);
  rows.push(["wall clock", wall.toFixed(1), result.rtf.toFixed(5), ""]);
  print(formatTable(["stage", "ms", "RTF", "share"], rows));
  print(`\noutside ONNX Runtime: ${percent(result.outside_onnxruntime_share)}`);
  print(`beam search: ${Math.round(result.beam_times_real_time)} x real time on one core`);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
