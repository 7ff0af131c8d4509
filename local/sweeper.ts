import type { Services } from "../src/jobs/services.ts";
import { sweep } from "../src/jobs/use-cases/sweep.ts";

const SECONDS = 30;

/** Sweeps now and then, as a schedule does on AWS. */
export class Sweeper {
  readonly #services: Services;
  #timer: NodeJS.Timeout | null = null;
  #sweeping: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(services: Services) {
    this.#services = services;
    this.#next(0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#sweeping;
  }

  #next(seconds: number): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#sweeping = this.#sweep().then(() => this.#next(SECONDS));
    }, seconds * 1000);
  }

  async #sweep(): Promise<void> {
    await sweep(this.#services).catch((error: unknown) => {
      this.#services.log.error("sweep.failed", { error: String(error) });
    });
  }
}
