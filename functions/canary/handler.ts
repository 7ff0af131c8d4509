import type { Services } from "../../src/jobs/services.ts";
import { type CanaryReport, runCanary } from "../../src/jobs/use-cases/canary.ts";

export interface CanaryOptions {
  services: Services;
  recording: Uint8Array;
  /** Of the API. */
  url: string;
  publish(report: CanaryReport): void;
}

const TIMEOUT_MS = 30_000;

/** For a schedule: one recording through the whole service, and one question to its front door. */
export function makeCanaryHandler({ services, recording, url, publish }: CanaryOptions): () => Promise<void> {
  return async () => {
    const [door, report] = await Promise.all([faultOfDoor(url), runCanary(services, recording)]);
    const fault = door ?? report.fault;
    if (fault !== null) services.log.error("canary.failed", { fault });
    publish({ ...report, fault });
  };
}

async function faultOfDoor(url: string): Promise<string | null> {
  try {
    const { status } = await fetch(new URL("/healthz", url), { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return status === 200 ? null : `/healthz answers ${status}`;
  } catch (error) {
    return `/healthz does not answer: ${error}`;
  }
}
