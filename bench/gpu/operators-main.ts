/** A process that runs the encoder with clips of one length and prints as JSON what each operator of the graph took. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { InferenceSession } from "onnxruntime-node";
import type { Device, Precision } from "../../src/asr/index.ts";
import { sessionOptions } from "../../src/asr/inference/devices.ts";
import { waveformFeeds } from "../../src/asr/inference/encode.ts";
import { SpareMemory } from "../../src/asr/inference/spare-memory.ts";
import { readManifest } from "../plan.ts";
import { graphsOf, makeClips } from "./fixed-clips.ts";
import { type OperatorTimes, operatorTimes, type ProfileEvent } from "./operators.ts";

export interface OperatorsPlan {
  model: string;
  device: Device;
  precision: Precision;
  seconds: number;
  utterances: number;
  runs: number;
  threads: number;
}

// A kernel's launch returns at once: without this, each node's time would be the launch's. CUDA reads it when it starts.
process.env.CUDA_LAUNCH_BLOCKING = "1";

if (import.meta.main) process.stdout.write(JSON.stringify(await measure(JSON.parse(process.argv[2]))));

async function measure(plan: OperatorsPlan): Promise<OperatorTimes> {
  const manifest = await readManifest(plan.model);
  const graphs = graphsOf(manifest, plan.device, plan.precision);
  const feeds = await featuresOf(plan, resolve(plan.model, graphs.frontend));
  const folder = await mkdtemp(join(tmpdir(), "scriptorium-profile-"));
  try {
    const encoder = await InferenceSession.create(resolve(plan.model, graphs.encoder), {
      ...sessionOptions(plan.device, plan.threads, "encoder"),
      enableProfiling: true,
      profileFilePrefix: join(folder, "encoder"),
    });
    // The first is not counted: a card tunes and compiles for each new shape.
    for (let run = 0; run <= plan.runs; run++) await encoder.run(feeds);
    encoder.endProfiling();
    await encoder.release();
    const [file] = await readdir(folder);
    return operatorTimes(JSON.parse(await readFile(join(folder, file), "utf8")) as ProfileEvent[]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function featuresOf({ device, threads, utterances, seconds }: OperatorsPlan, frontend: string) {
  const { feeds } = waveformFeeds(await makeClips(utterances, seconds), new SpareMemory());
  const session = await InferenceSession.create(frontend, sessionOptions(device, threads));
  const { features, feature_lens } = await session.run(feeds);
  await session.release();
  return { speech: features, speech_lengths: feature_lens };
}
