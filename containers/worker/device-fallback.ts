import type { Metrics } from "@aws-lambda-powertools/metrics";
import type { Fallback } from "../../src/asr/index.ts";
import { publishFallback } from "../../src/aws/powertools-metrics.ts";
import type { Log } from "../../src/jobs/ports/index.ts";

/**
 * Say that the worker goes on without the card that `auto` looked for: it costs as much as with it and is many times
 * slower, and nothing else would show it. With `cuda` it does not start at all.
 */
export function announceFallback(
  { fallback, model }: { fallback: Fallback | null; model: { device: string } },
  { log, metrics }: { log: Log; metrics: Metrics },
): void {
  if (!fallback) return;
  log.error("worker.device_fallback", {
    wanted: fallback.device,
    device: model.device,
    reason: fallback.reason,
  });
  publishFallback(metrics, { wanted: fallback.device, device: model.device });
}
