import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalService } from "../../local/local-service.ts";
import { silentLog } from "../../local/log.ts";
import { DEFAULT_LIMITS } from "../../src/jobs/limits.ts";

/** A service on a data folder of its own, which goes with it. */
export class BenchDeployment {
  readonly dataFolder: string;
  readonly #model: string;
  #service: LocalService | null = null;

  private constructor(dataFolder: string, model: string) {
    this.dataFolder = dataFolder;
    this.#model = model;
  }

  static async make(model: string): Promise<BenchDeployment> {
    return new BenchDeployment(await mkdtemp(join(tmpdir(), "scriptorium-bench-")), model);
  }

  /** With a worker, or with the front door only. */
  async start({ worker }: { worker: boolean }): Promise<void> {
    this.#service = await LocalService.start({
      port: 0,
      dataFolder: this.dataFolder,
      limits: { ...DEFAULT_LIMITS, requestsPerMinute: 10_000_000 },
      log: silentLog,
      model: this.#model,
      device: "cpu",
      worker: worker ? {} : null,
    });
  }

  async stop(): Promise<void> {
    await this.#service?.close();
    this.#service = null;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.dataFolder, { recursive: true, force: true });
  }

  /** Call the API. Throws where the answer is no success. */
  async call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const { url, access } = this.#service!;
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${access.key}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Answer;
  }
}

/** What the benchmarks read of a transcription. */
export interface Transcription {
  id: string;
  status: string;
  times: Record<string, string>;
  upload?: { url: string; headers: Record<string, string> };
}
