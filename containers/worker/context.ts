import type { Transcriber } from "../../src/asr/index.ts";
import type { Services } from "../../src/jobs/services.ts";
import type { EngineHealth } from "./engine-health.ts";
import type { WorkerOptions } from "./options.ts";

/** What all work of one worker shares. */
export interface WorkContext {
  services: Services;
  transcriber: Transcriber;
  options: Required<WorkerOptions>;
  health: EngineHealth;
  /** The engine is to be given up. */
  onBroken: (error: unknown) => void;
}
