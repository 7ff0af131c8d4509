import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { Worker, type WorkerOptions } from "../../../containers/worker/worker.ts";
import type { Transcriber } from "../../../src/asr/index.ts";
import type { Services } from "../../../src/jobs/services.ts";
import { isTerminal, type Transcription } from "../../../src/jobs/transcription.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { messagesIn, openWorld, recordOf, type World, type WorldOptions } from "./world.ts";

/** A world of a test's own, gone when it ends. */
export async function newWorld(options: Partial<WorldOptions> = {}): Promise<World> {
  const folder = await temporaryFolder();
  const world = openWorld({ database: join(folder, "jobs.db"), folder, ...options });
  onTestFinished(() => world.db.close());
  return world;
}

let workers = 0;

/** At work, and stopped when the test ends. */
export function startWorker(
  services: Services,
  transcriber: Transcriber,
  options: Partial<WorkerOptions> = {},
): Worker {
  workers++;
  const quick = { waitSeconds: 1, checkSeconds: 0.05, progressSeconds: 0.05, drainSeconds: 30 };
  const worker = new Worker(services, transcriber, { id: `worker-${workers}`, ...quick, ...options });
  worker.start();
  onTestFinished(async () => {
    await worker.drain(0);
  });
  return worker;
}

/** Throws where one of these has not ended, or a message is left. */
export async function settledNow(world: World, ids: readonly string[]): Promise<Transcription[]> {
  const { transcribe, archive } = world.services.queues;
  const records = await Promise.all(ids.map((id) => recordOf(world, id)));
  const open = records.filter(({ state }) => !isTerminal(state));
  if (open.length > 0) throw new Error(`still open: ${open.map(({ id, state }) => `${id} ${state}`)}`);
  const left = (await messagesIn(transcribe)) + (await messagesIn(archive));
  if (left > 0) throw new Error(`${left} messages left`);
  return records;
}

/** Wait until these have ended and no message is left of them. */
export function settled(world: World, ids: readonly string[], seconds = 100): Promise<Transcription[]> {
  return vi.waitFor(() => settledNow(world, ids), { timeout: seconds * 1000, interval: 20 });
}
