import { hostname } from "node:os";
import { Worker } from "../../containers/worker/worker.ts";
import { type DeviceChoice, type ModelFacts, Transcriber } from "../asr/index.ts";
import type { Services } from "../jobs/services.ts";

export interface LocalWorkerOptions {
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

/** The container's worker with an engine of its own, in this process. */
export class LocalWorker {
  readonly model: ModelFacts;
  readonly #worker: Worker;
  readonly #transcriber: Transcriber;

  private constructor(worker: Worker, transcriber: Transcriber) {
    this.#worker = worker;
    this.#transcriber = transcriber;
    this.model = transcriber.model;
  }

  /** Throws PackError, EngineError. */
  static async start(services: Services, options: LocalWorkerOptions): Promise<LocalWorker> {
    const transcriber = await Transcriber.load(options.model, { device: options.device });
    const worker = new Worker(services, transcriber, {
      id: `${hostname()}-${process.pid}`,
      concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
      visibilitySeconds: options.visibilitySeconds ?? DEFAULT_VISIBILITY_SECONDS,
      waitSeconds: 20,
      progressSeconds: 2,
      checkSeconds: 1,
      drainSeconds: DRAIN_SECONDS,
    });
    worker.start();
    const { name, version, device } = transcriber.model;
    services.log.info("worker.started", { model: name, version, device });
    return new LocalWorker(worker, transcriber);
  }

  async close(): Promise<void> {
    await this.#worker.drain();
    await this.#transcriber.close();
  }
}
