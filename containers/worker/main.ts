import { writeFile } from "node:fs/promises";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { Transcriber } from "../../src/asr/index.ts";
import { powertoolsLog } from "../../src/aws/powertools-log.ts";
import { METRICS_NAMESPACE, powertoolsMetrics } from "../../src/aws/powertools-metrics.ts";
import { awsServices } from "../../src/aws/services.ts";
import { fetchModel } from "./fetch-model.ts";
import { repeat } from "./repeat.ts";
import { readWorkerSettings } from "./settings.ts";
import { protectTask } from "./task-protection.ts";
import { warmUp } from "./warm-up.ts";
import { Worker } from "./worker.ts";

/** ECS kills 120 s after SIGTERM. The worker takes another 10 s to give back what is not finished. */
const DRAIN_SECONDS = 100;
const HEALTH_SECONDS = 10;

const serviceName = "worker";
const log = powertoolsLog(new Logger({ serviceName }));

try {
  await run();
} catch (error) {
  log.error("worker.failed", { error: String(error) });
  process.exitCode = 1;
}
// Whatever is still open, a poll that nobody waits for, must not keep the task.
process.exit();

async function run(): Promise<void> {
  const settings = readWorkerSettings();
  const { id, concurrency, visibilitySeconds, device, agentUri, healthFile } = settings;
  const stopped = signalled();
  const metrics = powertoolsMetrics(new Metrics({ namespace: METRICS_NAMESPACE, serviceName }));
  const services = awsServices(settings.aws, { log, metrics });

  const folder = await fetchModel(services, settings.model, settings.modelCache);
  const transcriber = await Transcriber.load(folder, { device });
  const warm_up_seconds = await warmUp(transcriber);
  log.info("worker.ready", { worker: id, ...transcriber.model, concurrency, warm_up_seconds });

  const worker = new Worker(services, transcriber, {
    id,
    concurrency,
    visibilitySeconds,
    drainSeconds: DRAIN_SECONDS,
  });
  const endings = [
    repeat(
      HEALTH_SECONDS,
      () => writeFile(healthFile, ""),
      () => {},
    ),
    ...(agentUri === null ? [] : [protectTask({ agentUri, isBusy: () => !worker.idle, log })]),
  ];
  await writeFile(healthFile, "");
  worker.start();

  const signal = await stopped;
  log.info("worker.draining", { worker: id, signal });
  const drained = await worker.drain();
  await Promise.all(endings.map((end) => end()));
  log.info("worker.stopped", { worker: id, ...drained });
}

/** The first request to go. Before the work begins nothing stands in its way. */
function signalled(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, resolve);
  });
}
