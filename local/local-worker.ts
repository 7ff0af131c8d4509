import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { Worker } from "../containers/worker/worker.ts";
import { type DeviceChoice, type ModelFacts, Transcriber } from "../src/asr/index.ts";
import type { Services } from "../src/jobs/services.ts";
import { openSpoolFolder } from "./spool-folder.ts";

export interface LocalWorkerOptions {
  dataFolder: string;
  model: string;
  device: DeviceChoice;
  /** Recordings in flight at once. */
  concurrency?: number;
  /** Heartbeats come three times as often. */
  visibilitySeconds?: number;
}

const DEFAULT_CONCURRENCY = 8;
const DEFAULT_VISIBILITY_SECONDS = 15;
const DRAIN_SECONDS = 10;
/** Before an engine that could not be loaded is tried again. */
const RETRY_SECONDS = 10;

interface Running {
  worker: Worker;
  transcriber: Transcriber;
}

/** The container's worker with an engine of its own, in this process. An engine that breaks is replaced. */
export class LocalWorker {
  readonly model: ModelFacts;
  readonly #services: Services;
  readonly #options: LocalWorkerOptions;
  #running: Promise<Running>;
  #closed = false;
  #started = 0;

  private constructor(services: Services, options: LocalWorkerOptions, transcriber: Transcriber) {
    this.#services = services;
    this.#options = options;
    this.model = transcriber.model;
    this.#running = Promise.resolve(this.#run(transcriber));
  }

  /** Throws PackError, EngineError. */
  static async start(services: Services, options: LocalWorkerOptions): Promise<LocalWorker> {
    return new LocalWorker(services, options, await loadEngine(options));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await end(await this.#running);
  }

  #run(transcriber: Transcriber): Running {
    const { log } = this.#services;
    const worker = new Worker(this.#services, transcriber, {
      id: `${hostname()}-${process.pid}-${++this.#started}`,
      concurrency: this.#options.concurrency ?? DEFAULT_CONCURRENCY,
      visibilitySeconds: this.#options.visibilitySeconds ?? DEFAULT_VISIBILITY_SECONDS,
      progressSeconds: 2,
      drainSeconds: DRAIN_SECONDS,
    });
    worker.start();
    const { name, version, device } = transcriber.model;
    log.info("worker.started", { model: name, version, device });
    const running = { worker, transcriber };
    worker.broken.then((error) => {
      log.error("worker.broken", { error: String(error) });
      if (!this.#closed) this.#running = this.#replace(running);
    });
    return running;
  }

  async #replace(broken: Running): Promise<Running> {
    await broken.worker.drain(0);
    await broken.transcriber.close();
    while (!this.#closed) {
      try {
        return this.#run(await loadEngine(this.#options));
      } catch (error) {
        this.#services.log.error("worker.not_started", { error: String(error) });
        await pause(RETRY_SECONDS * 1000, null, { ref: false });
      }
    }
    return broken;
  }
}

async function loadEngine({ model, device, dataFolder }: LocalWorkerOptions): Promise<Transcriber> {
  return Transcriber.load(model, { device, temporaryFolder: await openSpoolFolder(dataFolder) });
}

async function end({ worker, transcriber }: Running): Promise<void> {
  await worker.drain();
  await transcriber.close();
}
