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

/** `audio`: a WAV of so many seconds. The first run is not counted. Throws where all of it takes longer than `limit` seconds. */
export async function measureLatency(
  model: string,
  flags: PlanFlags,
  { audio, seconds, runs, limit }: { audio: string; seconds: number; runs: number; limit: number },
): Promise<Latency> {
  const engine = await EngineProcess.load({ ...flags, model });
  const alarm = setTimeout(() => engine.kill(), limit * 1000);
  try {
    const walls: number[] = [];
    for (let run = 0; run <= runs; run++) walls.push((await engine.run(audio)).wall);
    await engine.close();
    const counted = walls.slice(1);
    return { seconds, runs, p50Ms: median(counted), mostMs: Math.max(...counted) };
  } finally {
    clearTimeout(alarm);
    engine.kill();
  }
}
