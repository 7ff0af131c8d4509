import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { EngineFlags } from "../engine.ts";
import type { GemmRate } from "../limit/gemm-peak.ts";
import type { ChildRun, GemmRequest, Loaded, Request, Response } from "./messages.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

/** The process could not do what it was asked to. `code`: that of the engine's error, if it was one. */
export class EngineProcessError extends Error {
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.name = "EngineProcessError";
    this.code = code;
  }
}

/** An engine in a process of its own, which does one thing at a time. */
export class EngineProcess {
  readonly #process: ChildProcess;
  readonly loaded: Loaded;

  private constructor(process: ChildProcess, loaded: Loaded) {
    this.#process = process;
    this.loaded = loaded;
  }

  /** Throws EngineProcessError, with the engine's code where the pack or the device is at fault. */
  static async load(flags: EngineFlags): Promise<EngineProcess> {
    // As the command and the worker's image start.
    const process = fork(MAIN, { execArgv: ["--max-semi-space-size=2"] });
    try {
      const response = await ask(process, { load: flags });
      if ("loaded" in response) return new EngineProcess(process, response.loaded);
      throw unexpected(response);
    } catch (error) {
      process.kill();
      throw error;
    }
  }

  async run(file: string): Promise<ChildRun> {
    const response = await ask(this.#process, { run: file });
    if ("ran" in response) return response.ran;
    throw unexpected(response);
  }

  /** Matrix products without the model: on a device whose driver should not be loaded here. */
  async multiply(gemm: GemmRequest): Promise<GemmRate[]> {
    const response = await ask(this.#process, { gemm });
    if ("multiplied" in response) return response.multiplied;
    throw unexpected(response);
  }

  /** Ends the process. Returns the peak of its memory, in bytes. */
  async close(): Promise<number> {
    const exited = once(this.#process, "exit");
    const response = await ask(this.#process, { close: true });
    if (!("closed" in response)) throw unexpected(response);
    await exited;
    return response.closed.peakRss;
  }

  /** At once, whatever it is doing. */
  kill(): void {
    this.#process.kill("SIGKILL");
  }
}

function ask(process: ChildProcess, request: Request): Promise<Response> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      process.off("message", answered);
      process.off("exit", ended);
    };
    const answered = (response: Response) => {
      settle();
      if ("failed" in response) reject(new EngineProcessError(response.failed.message, response.failed.code));
      else resolve(response);
    };
    const ended = (code: number | null, signal: string | null) => {
      settle();
      const memory = signal === "SIGKILL" ? " Was there enough memory?" : "";
      reject(new EngineProcessError(`The engine's process ended with ${signal ?? code}.${memory}`));
    };
    process.on("message", answered);
    process.on("exit", ended);
    process.send(request);
  });
}

function unexpected(response: Response): Error {
  return new Error(`The engine's process answered out of turn: ${Object.keys(response).join()}`);
}
