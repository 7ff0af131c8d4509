import type { Archive } from "./archive.ts";
import type { Arrivals } from "./arrivals.ts";
import type { Canary } from "./canary.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { FrontDoor } from "./front-door.ts";
import type { GpuWorkers } from "./gpu-workers.ts";
import type { Service } from "./service.ts";
import type { Sweep } from "./sweep.ts";
import type { Webhooks } from "./webhooks.ts";

/** All that is there to be watched. */
export interface Parts {
  service: Service;
  arrivals: Arrivals;
  archive: Archive;
  frontDoor: FrontDoor;
  workers: GpuWorkers;
  webhooks: Webhooks;
  deadLetters: DeadLetters;
  sweep: Sweep;
  /** Where one is asked for. */
  canary: Canary | null;
}
