import { EngineProcess } from "../child/engine-process.ts";
import type { PlanFlags } from "../engine.ts";
import { median } from "../metrics/statistics.ts";

/** Waiting for one clip on an idle engine, from its bytes to its words. */
export interface Latency {
  seconds: number;
  runs: number;
  p50Ms: number;
  mostMs: number;
}

/** `audio`: a WAV of so many seconds. The first run is not counted. */
export async function measureLatency(
  model: string,
  flags: PlanFlags,
  { audio, seconds, runs }: { audio: string; seconds: number; runs: number },
): Promise<Latency> {
  const engine = await EngineProcess.load({ ...flags, model });
  try {
    const walls: number[] = [];
    for (let run = 0; run <= runs; run++) walls.push((await engine.run(audio)).wall);
    await engine.close();
    const counted = walls.slice(1);
    return { seconds, runs, p50Ms: median(counted), mostMs: Math.max(...counted) };
  } finally {
    engine.kill();
  }
}
