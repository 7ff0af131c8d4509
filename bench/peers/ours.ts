/** The engine of this project as a contestant of `bench peers`: `node ours.ts PACK BEAM CONCURRENCY`. */
import { Transcriber } from "../../src/asr/index.ts";
import { mapConcurrently, transcribeWhole } from "../engine.ts";
import { type Part, type Pass, serve, timed } from "./protocol.ts";

const [pack, beam, concurrency] = process.argv.slice(2);
const transcriber = await Transcriber.load(pack, { device: "cpu" });
const { version } = transcriber.model;
await serve({ versions: `pack ${version}, Node ${process.versions.node}` }, transcribe);
await transcriber.close();

async function transcribe(parts: Part[]): Promise<Pass> {
  if (parts.some((part) => part.start !== undefined)) throw new Error("the engine takes whole recordings");
  const before = { ...transcriber.stageTimes() };
  const { result: whole, ...times } = await timed(() =>
    mapConcurrently(parts, Number(concurrency), ({ path }) =>
      transcribeWhole(transcriber, path, { beam: Number(beam) }),
    ),
  );
  const stages = Object.entries(transcriber.stageTimes()).map(([stage, ms]) => [
    stage,
    ms - before[stage as keyof typeof before],
  ]);
  return {
    ...times,
    texts: whole.map(({ text }) => text),
    stages: Object.fromEntries(stages),
    cuts: whole.flatMap(({ segments }, at) =>
      segments.map(({ start, end }) => ({ path: parts[at].path, start, end })),
    ),
  };
}
