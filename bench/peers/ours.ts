/** The engine of this project as a contestant of `bench peers`: `node ours.ts PACK CONCURRENCY [BEAM]`; without a beam the pack's search. */
import { writeFile } from "node:fs/promises";
import { Transcriber } from "../../src/asr/index.ts";
import { mapConcurrently, transcribeWhole } from "../engine.ts";
import { tapEngines } from "../tap.ts";
import { toWav } from "../wav.ts";
import { type Part, type Pass, serve, timed } from "./protocol.ts";

const [pack, concurrency, beam] = process.argv.slice(2);
const transcriber = await Transcriber.load(pack, { device: "cpu" });
const { version } = transcriber.model;
const known = new Map<string, Part[]>();
await serve({ versions: `pack ${version}, Node ${process.versions.node}` }, transcribe);
await transcriber.close();

async function transcribe(parts: Part[]): Promise<Pass> {
  if (parts.some((part) => part.start !== undefined)) throw new Error("the engine takes whole recordings");
  const [{ path: first }] = parts;
  const segments: Float32Array[] = [];
  // In the first pass, which is not counted: copying them is none of the engine's work.
  const untap = known.has(first) ? () => {} : tapEngines((_, { samples }) => segments.push(samples));
  const before = { ...transcriber.stageTimes() };
  const { result: whole, ...times } = await timed(() =>
    mapConcurrently(parts, Number(concurrency), ({ path }) =>
      transcribeWhole(transcriber, path, beam ? { beam: Number(beam) } : {}),
    ),
  );
  untap();
  if (!known.has(first)) known.set(first, await writeAll(segments, first));
  const stages = Object.entries(transcriber.stageTimes()).map(([stage, ms]) => [
    stage,
    ms - before[stage as keyof typeof before],
  ]);
  return {
    ...times,
    texts: whole.map(({ text }) => text),
    stages: Object.fromEntries(stages),
    cuts: known.get(first) ?? [],
  };
}

/** All that went through the graphs, whether or not a text came of it, as files beside the first recording. */
async function writeAll(segments: readonly Float32Array[], beside: string): Promise<Part[]> {
  const parts = segments.map((_, at) => ({ path: `${beside}.${process.pid}.${at}.wav` }));
  for (const [at, samples] of segments.entries()) {
    await writeFile(parts[at].path, toWav(Int16Array.from(samples, (sample) => sample * 32_768)));
  }
  return parts;
}
