import { MetricUnit, type Metrics as PowertoolsMetrics } from "@aws-lambda-powertools/metrics";
import type { Metrics } from "../jobs/ports/index.ts";

/** Name, unit and value. */
type Figure = readonly [string, (typeof MetricUnit)[keyof typeof MetricUnit], number];

export const METRICS_NAMESPACE = "Scriptorium";

/** Apart from those of other deployments in the account; as they are where no stack is named. */
export function stackDimension(stack: string | null) {
  return stack === null ? {} : { defaultDimensions: { stack } };
}

/** A worker that is ready for work says so again and again: an alarm notices where none does. */
export function publishAlive(metrics: PowertoolsMetrics): void {
  metrics.addMetric("WorkersAlive", MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
}

/** What became of a recording of the service's own. */
export function publishCanary(
  metrics: PowertoolsMetrics,
  { fault, seconds }: { fault: string | null; seconds: number | null },
): void {
  metrics.addMetric("CanaryFaults", MetricUnit.Count, fault === null ? 0 : 1);
  if (seconds !== null) metrics.addMetric("CanarySeconds", MetricUnit.Seconds, seconds);
  metrics.publishStoredMetrics();
}

/** Percent. */
export function publishGpu(
  metrics: PowertoolsMetrics,
  { utilization, memory }: { utilization: number; memory: number },
): void {
  metrics.addMetric("GpuUtilization", MetricUnit.Percent, utilization);
  metrics.addMetric("GpuMemory", MetricUnit.Percent, memory);
  metrics.publishStoredMetrics();
}

/** What the number of workers is decided by. Nothing is said, and paid for, while nothing waits. */
export function publishWaiting(metrics: PowertoolsMetrics, audioSeconds: number): void {
  if (audioSeconds === 0) return;
  metrics.addMetric("AudioSecondsWaiting", MetricUnit.Seconds, audioSeconds);
  metrics.publishStoredMetrics();
}

/** A worker that had to do without the card it looked for. */
export function publishFallback(
  metrics: PowertoolsMetrics,
  { wanted, device }: { wanted: string; device: string },
): void {
  metrics.addMetric("DeviceFallbacks", MetricUnit.Count, 1);
  metrics.addMetadata("wanted", wanted);
  metrics.addMetadata("device", device);
  metrics.publishStoredMetrics();
}

/**
 * Metrics as lines of the log, which CloudWatch makes time series of (embedded metric format). Dimensions are few, as
 * each of their values is paid for; what else is known goes along to be searched for.
 */
export function powertoolsMetrics(metrics: PowertoolsMetrics): Metrics {
  const publish = (
    figures: readonly Figure[],
    { dimensions = {}, metadata = {} }: Record<string, Record<string, string>> = {},
  ) => {
    for (const [name, value] of Object.entries(dimensions)) metrics.addDimension(name, value);
    for (const [name, value] of Object.entries(metadata)) metrics.addMetadata(name, value);
    for (const [name, unit, value] of figures) metrics.addMetric(name, unit, value);
    metrics.publishStoredMetrics();
  };
  return {
    transcriptionEnded(state, code) {
      publish([["TranscriptionsEnded", MetricUnit.Count, 1]], {
        dimensions: { state },
        ...(code !== undefined && { metadata: { code } }),
      });
    },
    transcribed({ audioSeconds, processingSeconds, queuedSeconds }) {
      publish([
        ["AudioSeconds", MetricUnit.Seconds, audioSeconds],
        ["ProcessingSeconds", MetricUnit.Seconds, processingSeconds],
        ["QueuedSeconds", MetricUnit.Seconds, queuedSeconds],
        ...(audioSeconds > 0
          ? [["RealTimeFactor", MetricUnit.NoUnit, processingSeconds / audioSeconds] as const]
          : []),
      ]);
    },
    webhookAttempted(outcome) {
      publish([["WebhookAttempts", MetricUnit.Count, 1]], { dimensions: { outcome } });
    },
    requestServed({ method, route, status, seconds }) {
      const figures: Figure[] = [["RequestSeconds", MetricUnit.Seconds, seconds]];
      if (status >= 500) figures.push(["ServerErrors", MetricUnit.Count, 1]);
      publish(figures, { metadata: { method, route, status: String(status) } });
    },
  };
}
