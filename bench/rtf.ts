import { Command } from "commander";
import { type EngineFlags, loadTranscriber, machine, print, withEngineFlags } from "./engine.ts";
import { measure, type Run, STAGES } from "./measure.ts";
import { median } from "./metrics/statistics.ts";
import { formatTable } from "./metrics/table.ts";

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

function report(file: string, runs: Run[], json: boolean): void {
  const seconds = runs[0].duration;
  const times: [string, number][] = STAGES.map((stage) => [
    stage,
    median(runs.map((run) => run.stages[stage])),
  ]);
  const total = times.reduce((sum, [, ms]) => sum + ms, 0);
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
    cpu_ms: median(runs.map((run) => run.cpu)),
    main_thread_ms_per_audio_second: median(runs.map((run) => run.main)) / seconds,
    outside_onnxruntime_share: median(runs.map((run) => run.cpuOutside / run.cpu)),
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
  print(
    `\noutside ONNX Runtime: ${percent(result.outside_onnxruntime_share)} of the CPU time (${result.cpu_ms.toFixed(0)} ms)`,
  );
  print(`main thread: ${result.main_thread_ms_per_audio_second.toFixed(3)} ms for a second of audio`);
  print(`beam search: ${Math.round(result.beam_times_real_time)} x real time on one core`);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
