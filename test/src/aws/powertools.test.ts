import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { powertoolsLog } from "../../../src/aws/powertools-log.ts";
import {
  powertoolsMetrics,
  publishAlive,
  publishGpu,
  publishWaiting,
  stackDimension,
} from "../../../src/aws/powertools-metrics.ts";

/** What is printed, line by line, as JSON. */
function captureLines(): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  // Prints by the global console, metrics too.
  vi.stubEnv("POWERTOOLS_DEV", "true");
  vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
  for (const method of ["log", "info", "warn", "error"] as const)
    vi.spyOn(console, method).mockImplementation((line) => lines.push(JSON.parse(line)));
  onTestFinished(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });
  return lines;
}

describe("the log", () => {
  test("is one line per event, with its fields", () => {
    const lines = captureLines();
    const log = powertoolsLog(new Logger({ serviceName: "worker" }));
    log.info("transcription.completed", { id: "tr_1", audio_seconds: 3.5 });
    log.warn("transcription.failed", { id: "tr_2", code: "no_audio", message: "There is no audio." });
    expect(lines).toMatchObject([
      {
        level: "INFO",
        service: "worker",
        message: "transcription.completed",
        id: "tr_1",
        audio_seconds: 3.5,
      },
      { level: "WARN", message: "transcription.failed", id: "tr_2", its_message: "There is no audio." },
    ]);
  });
});

describe("the metrics", () => {
  const emit = () => {
    const lines = captureLines();
    const metrics = powertoolsMetrics(new Metrics({ namespace: "Scriptorium", serviceName: "worker" }));
    return { lines, metrics };
  };
  const declared = (line: Record<string, unknown>) =>
    (line._aws as { CloudWatchMetrics: object[] }).CloudWatchMetrics[0];

  test("tell how busy a GPU is, and how much audio waits, but not that none does", () => {
    const lines = captureLines();
    const metrics = new Metrics({
      namespace: "Scriptorium",
      serviceName: "sweep",
      ...stackDimension("Radio"),
    });
    publishWaiting(metrics, 0);
    expect(lines).toEqual([]);
    publishWaiting(metrics, 43_200);
    publishGpu(metrics, { utilization: 93, memory: 41.5 });
    expect(lines).toMatchObject([
      { AudioSecondsWaiting: 43_200, service: "sweep", stack: "Radio" },
      { GpuUtilization: 93, GpuMemory: 41.5, stack: "Radio" },
    ]);
  });

  test("are apart by stack where there are several, and tell that a worker is there", () => {
    const lines = captureLines();
    const named = stackDimension("Radio");
    const metrics = new Metrics({ namespace: "Scriptorium", serviceName: "worker", ...named });
    publishAlive(metrics);
    powertoolsMetrics(metrics).transcriptionEnded("failed", "no_audio");
    powertoolsMetrics(metrics).transcribed({ audioSeconds: 1, processingSeconds: 1, queuedSeconds: 1 });
    expect(lines).toMatchObject([
      { WorkersAlive: 1, stack: "Radio" },
      { state: "failed" },
      { stack: "Radio" },
    ]);
    expect(lines.map((line) => (declared(line) as { Dimensions: string[][] }).Dimensions[0].sort())).toEqual([
      ["service", "stack"],
      ["service", "stack", "state"],
      ["service", "stack"],
    ]);
    expect(stackDimension(null)).toEqual({});
  });

  test("tell of a transcription in one line", () => {
    const { lines, metrics } = emit();
    metrics.transcribed({ audioSeconds: 100, processingSeconds: 2, queuedSeconds: 0.5 });
    expect(lines).toMatchObject([
      {
        service: "worker",
        AudioSeconds: 100,
        ProcessingSeconds: 2,
        QueuedSeconds: 0.5,
        RealTimeFactor: 0.02,
      },
    ]);
    expect(declared(lines[0])).toMatchObject({ Namespace: "Scriptorium", Dimensions: [["service"]] });
  });

  test("have dimensions of few values, and the rest beside them", () => {
    const { lines, metrics } = emit();
    metrics.transcriptionEnded("failed", "no_audio");
    metrics.transcriptionEnded("completed");
    metrics.webhookAttempted("delivered");
    expect(lines.map((line) => [declared(line), line.state ?? line.outcome, line.code])).toMatchObject([
      [{ Dimensions: [["service", "state"]] }, "failed", "no_audio"],
      [{ Dimensions: [["service", "state"]] }, "completed", undefined],
      [{ Dimensions: [["service", "outcome"]] }, "delivered", undefined],
    ]);
  });

  test("count a request as a server's error from 500 on", () => {
    const { lines, metrics } = emit();
    const request = { method: "GET", route: "/v1/models", seconds: 0.25 };
    metrics.requestServed({ ...request, status: 404 });
    metrics.requestServed({ ...request, status: 503 });
    expect(lines[0]).toMatchObject({ RequestSeconds: 0.25, route: "/v1/models", status: "404" });
    expect(lines[0]).not.toHaveProperty("ServerErrors");
    expect(lines[1]).toMatchObject({ RequestSeconds: 0.25, ServerErrors: 1, status: "503" });
  });
});
