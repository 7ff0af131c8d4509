import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { collect, Transcriber } from "../../src/asr/index.ts";
import { BUNDLED_PACK, machine, print } from "../engine.ts";
import { median } from "../metrics/statistics.ts";
import { formatTable } from "../metrics/table.ts";
import { BenchDeployment, type Transcription } from "./deployment.ts";

interface OverheadFlags {
  recordings: number;
  runs: number;
  model: string;
  json: boolean;
}

/** As many as the service's worker has in flight. */
const IN_FLIGHT = 8;
const POLL_MS = 1000;

/** `bench overhead FILE`: the same recordings by the engine alone and by the service, by turns. */
export function overheadCommand(): Command {
  return new Command("overhead")
    .description("what the service adds to the engine's own time, for recordings that wait in its queue")
    .argument("<file>", "a recording, done again and again")
    .option("--recordings <n>", "in each run", Number, 100)
    .option("--runs <n>", "counted runs of each, by turns", Number, 5)
    .option("--model <folder>", "model pack", BUNDLED_PACK)
    .option("--json", "print JSON", false)
    .action(async (file: string, flags: OverheadFlags) => {
      const alone: number[] = [];
      const served: number[] = [];
      for (let run = 0; run <= flags.runs; run++) {
        const seconds = [await engineAlone(file, flags), await service(file, flags)];
        if (run === 0) continue; // warms the disk's cache and the processor
        alone.push(seconds[0]);
        served.push(seconds[1]);
      }
      report(alone, served, flags);
    });
}

/** Seconds for all of them, from files, with as many in flight as the worker has. */
async function engineAlone(file: string, { recordings, model }: OverheadFlags): Promise<number> {
  const transcriber = await Transcriber.load(model, { device: "cpu" });
  const turns = Array(recordings).keys();
  const started = performance.now();
  const work = async () => {
    for (const _ of turns) await collect(transcriber.transcribe(file));
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  const seconds = (performance.now() - started) / 1000;
  await transcriber.close();
  return seconds;
}

/** Seconds from the first that was begun to the last that was completed. All are uploaded before. */
async function service(file: string, { recordings, model }: OverheadFlags): Promise<number> {
  const deployment = await BenchDeployment.make(model);
  try {
    await deployment.start({ worker: false });
    const bytes = new Uint8Array(await readFile(file));
    const ids: string[] = [];
    for (let index = 0; index < recordings; index++) {
      const { id, upload } = await deployment.call<Transcription>("POST", "/v1/transcriptions", {});
      const answer = await fetch(upload!.url, { method: "PUT", headers: upload!.headers, body: bytes });
      if (!answer.ok) throw new Error(`upload: ${answer.status}`);
      ids.push(id);
    }
    await deployment.stop();
    await deployment.start({ worker: true });
    // One after the other and not often, so that asking takes next to no time from the work.
    const times: Transcription["times"][] = [];
    for (const id of ids) times.push(await completed(deployment, id));
    const began = Math.min(...times.map(({ processing }) => Date.parse(processing)));
    const ended = Math.max(...times.map(({ completed: at }) => Date.parse(at)));
    return (ended - began) / 1000;
  } finally {
    await deployment.remove();
  }
}

async function completed(deployment: BenchDeployment, id: string): Promise<Transcription["times"]> {
  for (;;) {
    const { status, times } = await deployment.call<Transcription>("GET", `/v1/transcriptions/${id}`);
    if (status === "completed") return times;
    if (status === "failed") throw new Error(`${id} failed`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function report(alone: number[], served: number[], { recordings, runs, json }: OverheadFlags): void {
  const result = {
    machine: machine(),
    recordings,
    runs,
    engine_seconds: median(alone),
    service_seconds: median(served),
    ratio: median(served.map((seconds, run) => seconds / alone[run])),
  };
  if (json) {
    print(JSON.stringify({ ...result, alone, served }));
    return;
  }
  print(
    `${recordings} recordings, ${IN_FLIGHT} in flight; ${result.machine}; medians of ${runs} runs by turns\n`,
  );
  const rows = [
    ["engine alone", result.engine_seconds.toFixed(2), "1.000"],
    ["service", result.service_seconds.toFixed(2), result.ratio.toFixed(3)],
  ];
  print(formatTable(["", "s", "ratio"], rows));
}
