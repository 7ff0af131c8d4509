import { EngineError } from "../../src/asr/index.ts";

/** So many recordings in a row that the engine could not do are hardly all to blame themselves. */
const MOST_FAILURES = 5;

/**
 * Tells a broken engine from a recording that breaks it. A broken one must not be given the rest of the queue: each
 * recording would lose an attempt, and a backlog would fail within minutes.
 */
export class EngineHealth {
  #failures = 0;

  succeeded(): void {
    this.#failures = 0;
  }

  /** Whether the engine is to be given up after this. */
  failed(error: unknown): boolean {
    if (!(error instanceof EngineError)) return false;
    if (error.code === "engine_stopped") return true;
    if (error.code === "engine_failed") this.#failures++;
    return this.#failures >= MOST_FAILURES;
  }
}
