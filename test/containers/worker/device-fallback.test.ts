import { Metrics } from "@aws-lambda-powertools/metrics";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { announceFallback } from "../../../containers/worker/device-fallback.ts";
import type { Log } from "../../../src/jobs/ports/index.ts";

beforeEach(() => {
  vi.stubEnv("POWERTOOLS_DEV", "true");
  vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
  onTestFinished(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });
});

function announced(fallback: { device: "cuda"; reason: string } | null) {
  const lines: string[] = [];
  for (const method of ["log", "info"] as const)
    vi.spyOn(console, method).mockImplementation((line: string) => lines.push(line));
  const errors: unknown[] = [];
  const log: Log = { info: () => {}, warn: () => {}, error: (...line) => errors.push(line) };
  const metrics = new Metrics({ namespace: "Scriptorium", serviceName: "worker" });
  announceFallback({ fallback, model: { device: "cpu" } }, { log, metrics });
  return { errors, metrics: lines.map((line) => JSON.parse(line)) };
}

test("a worker that goes on without the card it looked for says why, and counts it", () => {
  const reason = "The model does not run on cuda: libonnxruntime_providers_cuda.so lacks libcublas.so.13.";
  const { errors, metrics } = announced({ device: "cuda", reason });
  expect(errors).toEqual([["worker.device_fallback", { wanted: "cuda", device: "cpu", reason }]]);
  expect(metrics).toMatchObject([{ DeviceFallbacks: 1, service: "worker", wanted: "cuda", device: "cpu" }]);
});

test("one that got what it wanted says nothing", () => {
  expect(announced(null)).toEqual({ errors: [], metrics: [] });
});
