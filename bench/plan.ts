import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { choosePlan } from "../src/asr/engine/open-device.ts";
import { devicesToTry } from "../src/asr/inference/devices.ts";
import type { Plan } from "../src/asr/inference/plan.ts";
import { graphsFor, manifestSchema, type PackManifest } from "../src/asr/pack/manifest.ts";
import type { PlanFlags } from "./engine.ts";

/** model.json alone, without hashing gigabytes. */
export async function readManifest(pack: string): Promise<PackManifest> {
  return manifestSchema.parse(JSON.parse(await readFile(join(pack, "model.json"), "utf8")));
}

/** What the engine would choose for this pack, said aloud: a share of the machine's peak is of so many threads. */
export async function planOf(
  { device, sessions, threads }: PlanFlags,
  manifest: PackManifest,
): Promise<Pick<Plan, "sessions" | "threadsPerSession">> {
  const [first] = devicesToTry(device);
  const plan = await choosePlan(first, "single", manifest, graphsFor(manifest, first));
  return { sessions: sessions ?? plan.sessions, threadsPerSession: threads ?? plan.threadsPerSession };
}
