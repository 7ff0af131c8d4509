import { EngineProcess } from "../child/engine-process.ts";
import type { ChildRun, Loaded } from "../child/messages.ts";
import { type PlanFlags, progress } from "../engine.ts";

/** One pack, measured. */
export interface Measured {
  loaded: Loaded;
  runs: ChildRun[];
  peakRss: number; // bytes
}

export interface Plan {
  flags: PlanFlags;
  /** Recordings: of the counted runs, and of the one before them. */
  audio: string;
  warmUp: string;
  runs: number;
}

const GIGABYTE = 1024 ** 3;

/** At most 32 bits for each weight, some of them packed besides, and the tensors of a batch; weights may be stored in 16 bits. */
export function memoryNeeded(packBytes: number, parameters: number): number {
  return Math.min(3 * packBytes, 5 * parameters) + GIGABYTE;
}

/** Groups of neighbours that fit into memory together; what does not fit at all stands alone. All in bytes. */
export function groupByMemory(needs: readonly number[], available: number): number[][] {
  const groups: number[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const [index, need] of needs.entries()) {
    if (used + need > available) {
      groups.push([]);
      used = 0;
    }
    groups.at(-1)!.push(index);
    used += need;
  }
  return groups;
}

/** Load these packs side by side, let each run in turn, `plan.runs` times, and give their memory back. */
export async function measureTogether(packs: readonly string[], plan: Plan): Promise<Measured[]> {
  const engines: EngineProcess[] = [];
  try {
    for (const model of packs) {
      progress(`loading ${model}`);
      const engine = await EngineProcess.load({ ...plan.flags, model });
      engines.push(engine);
      await engine.run(plan.warmUp);
    }
    const runs: ChildRun[][] = engines.map(() => []);
    for (let run = 1; run <= plan.runs; run++) {
      for (const [index, engine] of engines.entries()) {
        const measured = await engine.run(plan.audio);
        runs[index].push(measured);
        const rtf = measured.wall / 1000 / measured.duration;
        progress(`run ${run} of ${plan.runs}, ${engine.loaded.name}: RTF ${rtf.toFixed(5)}`);
      }
    }
    const peaks = await Promise.all(engines.map((engine) => engine.close()));
    return engines.map(({ loaded }, index) => ({ loaded, runs: runs[index], peakRss: peaks[index] }));
  } finally {
    for (const engine of engines) engine.kill();
  }
}
