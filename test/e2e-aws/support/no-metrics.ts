import type { Metrics } from "../../../src/jobs/ports/index.ts";

export const NO_METRICS: Metrics = {
  transcriptionEnded() {},
  transcribed() {},
  webhookAttempted() {},
  requestServed() {},
};
