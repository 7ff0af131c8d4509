import type { Transcriber } from "../../src/asr/index.ts";
import type { Services } from "../../src/jobs/services.ts";
import type { WorkerOptions } from "./options.ts";

/** What all work of one worker shares. */
export interface WorkContext {
  services: Services;
  transcriber: Transcriber;
  options: Required<WorkerOptions>;
}
