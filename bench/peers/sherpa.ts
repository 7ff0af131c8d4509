/** sherpa-onnx as a contestant of `bench peers`: `node sherpa.ts MODEL_FOLDER THREADS STREAMS`. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { mapConcurrently } from "../engine.ts";
import { type Part, type Pass, serve, timed } from "./protocol.ts";

interface Wave {
  samples: Float32Array; // [N] in [-1, 1]
  sampleRate: number;
}

interface Stream {
  acceptWaveform(wave: Wave): void;
}

interface Recogniser {
  createStream(): Stream;
  decodeAsync(stream: Stream): Promise<{ text: string }>;
}

interface Sherpa {
  OfflineRecognizer: { createAsync(config: object): Promise<Recogniser> };
  readWave(path: string): Wave;
  version: string;
  onnxruntimeVersion: string;
}

const RATE = 16_000;
/** Its first frame begins so many samples before the first sample (no snip_edges); ours begin with it. */
const EARLY = 120;

const [folder, threads, streams] = process.argv.slice(2);
// It has no types, and a process of its own, since it brings its own onnxruntime.
const sherpa: Sherpa = createRequire(import.meta.url)("sherpa-onnx-node");
const recogniser = await sherpa.OfflineRecognizer.createAsync({
  featConfig: { sampleRate: RATE, featureDim: 80 },
  modelConfig: {
    wenetCtc: { model: join(folder, "model.onnx") },
    tokens: join(folder, "tokens.txt"),
    numThreads: Number(threads),
    provider: "cpu",
  },
  decodingMethod: "greedy_search",
});
const { version, onnxruntimeVersion } = sherpa;
const versions = `sherpa-onnx-node ${version}, onnxruntime ${onnxruntimeVersion}, Node ${process.versions.node}`;
await serve({ versions }, transcribe);

async function transcribe(parts: Part[]): Promise<Pass> {
  const files = new Map<string, Wave>();
  const { result: texts, ...times } = await timed(() =>
    mapConcurrently(parts, Number(streams), async (part) => {
      const stream = recogniser.createStream();
      stream.acceptWaveform({ samples: samplesOf(part, files), sampleRate: RATE });
      return (await recogniser.decodeAsync(stream)).text.trim();
    }),
  );
  return { ...times, texts };
}

/** A file of which only parts are wanted is read once. */
function samplesOf({ path, start, end }: Part, files: Map<string, Wave>): Float32Array {
  const wave = files.get(path) ?? sherpa.readWave(path);
  if (start === undefined) return wave.samples.subarray(EARLY);
  files.set(path, wave);
  return wave.samples.subarray(Math.round(start * RATE) + EARLY, Math.round((end ?? Infinity) * RATE));
}
