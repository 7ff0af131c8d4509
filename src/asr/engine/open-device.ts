/** The graphs on the first device that takes them, in threads of their own. */
import { EngineError } from "../errors.ts";
import { readCard } from "../inference/card.ts";
import { batchBytesPerSecond, mostBatchSeconds } from "../inference/card-memory.ts";
import { checkCuda, cudaIsMissing, type Device, devicesToTry } from "../inference/devices.ts";
import { type Plan, planForCard, planForCpu } from "../inference/plan.ts";
import type { ModelPack } from "../pack/load-pack.ts";
import { bytesOf, graphsFor, type PackGraphs, type PackManifest, PLAIN_GRAPHS } from "../pack/manifest.ts";
import type { EngineOptions, Fallback, Precision } from "./engine-options.ts";
import type { InferenceApi, InferenceThreadData } from "./inference-thread.ts";
import { closeAll, Thread } from "./thread.ts";

export interface OpenedDevice {
  device: Device;
  precision: Precision;
  plan: Plan;
  threads: Thread<InferenceApi>[];
  fallback: Fallback | null;
}

/** Throws PackError, or EngineError device_unavailable of the last device. */
export async function openFirstDevice(pack: ModelPack, options: EngineOptions): Promise<OpenedDevice> {
  const choice = options.device ?? "auto";
  let fallback: Fallback | null = choice === "auto" ? cudaIsMissing() : null;
  const devices = devicesToTry(choice);
  for (const device of devices.slice(0, -1)) {
    try {
      return { ...(await openDevice(device, pack, options)), fallback };
    } catch (error) {
      fallback = { device, reason: reasonOrThrow(error) };
    }
  }
  return { ...(await openDevice(devices[devices.length - 1], pack, options)), fallback };
}

/** In 16-bit floats where the pack has such graphs and the device computes in them: not every one does. */
async function openDevice(device: Device, pack: ModelPack, options: EngineOptions) {
  if (device === "cuda") await checkCuda();
  const best = graphsFor(pack.manifest, device);
  const isHalf = device !== "cpu" && best.encoder !== PLAIN_GRAPHS.encoder;
  if (!isHalf) return openGraphs(device, "single", best, pack, options);
  if (options.precision === "single") return openGraphs(device, "single", PLAIN_GRAPHS, pack, options);
  try {
    return await openGraphs(device, "half", best, pack, options);
  } catch (error) {
    if (!LACKS_HALF.test(reasonOrThrow(error))) throw error;
    return openGraphs(device, "single", PLAIN_GRAPHS, pack, options);
  }
}

/** What WebGPU says of a card without them. */
const LACKS_HALF = /requires f16|shader-f16/;

/** A device that is not there is a reason to try the next; a pack that is wrong is wrong everywhere. */
function reasonOrThrow(error: unknown): string {
  if (error instanceof EngineError && error.code === "device_unavailable") return error.message;
  throw error;
}

async function openGraphs(
  device: Device,
  precision: Precision,
  named: PackGraphs,
  pack: ModelPack,
  options: EngineOptions,
) {
  const { wenet, vocabulary } = pack;
  const graphs = { ...named, ...(wenet && { frontend: wenet.frontend }) };
  const plan = {
    ...(await choosePlan(device, precision, pack.manifest, graphs, options.sessions)),
    ...options,
  };
  const { blankId, sosId, eosId } = vocabulary;
  const data: InferenceThreadData = {
    folder: pack.folder,
    threads: plan.threadsPerSession,
    ids: { blankId, sosId, eosId },
    wenet: wenet ? { vocabularySize: vocabulary.size } : null,
  };
  const module = new URL("./inference-thread.ts", import.meta.url);
  const threads = Array.from({ length: plan.sessions }, () => new Thread<InferenceApi>(module, data));
  try {
    const { decoderElements } = plan;
    await Promise.all(threads.map((thread) => thread.call("open", { device, graphs, decoderElements })));
  } catch (error) {
    await closeAll(threads);
    throw error;
  }
  return { device, precision, threads, plan };
}

/** By the card's memory, where there is one. */
export async function choosePlan(
  device: Device,
  precision: Precision,
  manifest: PackManifest,
  graphs: PackGraphs,
  sessions?: number,
): Promise<Plan> {
  const packBytes = bytesOf(manifest, graphs);
  if (device === "cpu") return planForCpu(packBytes);
  const bytesPerNumber = precision === "half" ? 2 : 4;
  return planForCard(device, {
    freeBytes: (await readCard())?.freeBytes ?? null,
    // A pack stores its weights in 16 bits.
    weightBytes: (packBytes * bytesPerNumber) / 2,
    bytesPerSecond: batchBytesPerSecond(manifest, bytesPerNumber),
    mostSeconds: mostBatchSeconds(manifest),
    sessions,
  });
}
