import { access } from "node:fs/promises";
import { join } from "node:path";
import { loadPack, type ModelFacts } from "../src/asr/index.ts";
import { ServiceError } from "../src/jobs/errors.ts";
import { systemClock } from "../src/local/system-clock.ts";
import { DATABASE_FILE } from "./data-folder.ts";
import type { LocalServiceOptions } from "./local-service.ts";
import { LocalWorker } from "./local-worker.ts";
import { openServices } from "./open-services.ts";

/** A further worker on the data of a service of this machine: the process has no HTTP of its own. */
export class WorkerProcess {
  readonly model: ModelFacts;
  readonly #close: () => Promise<void>;

  private constructor(model: ModelFacts, close: () => Promise<void>) {
    this.model = model;
    this.#close = close;
  }

  /** Throws ServiceError no_data where there is no service's data, PackError, EngineError. */
  static async start(
    options: Pick<LocalServiceOptions, "dataFolder" | "limits" | "log" | "model" | "device"> & {
      concurrency?: number;
      visibilitySeconds?: number;
    },
  ): Promise<WorkerProcess> {
    const { dataFolder, limits, log } = options;
    await access(join(dataFolder, DATABASE_FILE)).catch((cause: unknown) => {
      const message = `There is no service's data in ${dataFolder}. Start the service first, or name its folder with --data.`;
      throw new ServiceError("no_data", message, {}, { cause });
    });
    const { manifest } = await loadPack(options.model);
    const { services, db } = openServices({
      dataFolder,
      limits,
      log,
      clock: systemClock,
      model: manifest,
      // A worker hands out no upload URLs and accepts no batches.
      uploadSecret: new Uint8Array(),
      baseUrl: () => "",
      startListing: async () => {},
    });
    const worker = await LocalWorker.start(services, options);
    return new WorkerProcess(worker.model, async () => {
      await worker.close();
      db.close();
    });
  }

  /** Finish or give back what is in hand. */
  close(): Promise<void> {
    return this.#close();
  }
}
