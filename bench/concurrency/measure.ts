import type { Engine, Utterance } from "../../src/asr/engine/engine.ts";
import type { Transcriber } from "../../src/asr/index.ts";
import { mapConcurrently, progress, transcribeWhole } from "../engine.ts";
import { tapEngines } from "../tap.ts";

/** Seconds by the clock, run by run. */
export interface Throughput {
  audioSeconds: number;
  utterances: number;
  /** All utterances handed to the engine at once, already cut out: the most that its batches can do. */
  batch: number[];
  levels: { width: number; seconds: number[] }[];
  /** Recordings whose text was another than alone. */
  changed: Changed[];
}

export interface Changed {
  recording: number;
  width: number;
  alone: string;
  text: string;
}

/** Every recording alone, then by turns `runs` times: all utterances at once, and so many recordings at a time. */
export async function measureThroughput(
  transcriber: Transcriber,
  recordings: readonly string[],
  widths: readonly number[],
  runs: number,
): Promise<Throughput> {
  const { engine, utterances, texts, audioSeconds } = await oneByOne(transcriber, recordings);
  const batch: number[] = [];
  const levels = widths.map((width) => ({ width, seconds: [] as number[] }));
  const changed = new Map<number, Changed>();
  for (let run = 1; run <= runs; run++) {
    batch.push(await timed(() => allAtOnce(engine, utterances)));
    progress(`run ${run} of ${runs}, all utterances at once: ${batch.at(-1)!.toFixed(2)} s`);
    for (const { width, seconds } of levels) {
      const elapsed = await timed(() =>
        mapConcurrently(recordings, width, async (path, recording) => {
          const { text } = await transcribeWhole(transcriber, path);
          const alone = texts[recording];
          if (text !== alone) changed.set(recording, { recording, width, alone, text });
        }),
      );
      seconds.push(elapsed);
      progress(`run ${run} of ${runs}, ${width} recordings at a time: ${elapsed.toFixed(2)} s`);
    }
  }
  return { audioSeconds, utterances: utterances.length, batch, levels, changed: [...changed.values()] };
}

async function oneByOne(transcriber: Transcriber, recordings: readonly string[]) {
  const utterances: Utterance[] = [];
  let engine: Engine | undefined;
  const untap = tapEngines((of, utterance) => {
    engine = of;
    utterances.push(utterance);
  });
  const alone = await mapConcurrently(recordings, 1, (path) => transcribeWhole(transcriber, path));
  untap();
  if (!engine) throw new Error("There is no speech in the recordings.");
  const audioSeconds = alone.reduce((sum, { duration }) => sum + duration, 0);
  return { engine, utterances, texts: alone.map(({ text }) => text), audioSeconds };
}

async function allAtOnce(engine: Engine, utterances: readonly Utterance[]): Promise<void> {
  const owner = {};
  await Promise.all(
    // The engine takes the samples over.
    utterances.map((utterance) =>
      engine.recognise({ ...utterance, samples: utterance.samples.slice() }, owner),
    ),
  );
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
