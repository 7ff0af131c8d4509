import { writeFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { Transcriber } from "../../src/asr/index.ts";
import { powertoolsLog } from "../../src/aws/powertools-log.ts";
import {
  METRICS_NAMESPACE,
  powertoolsMetrics,
  publishAlive,
  publishGpu,
  stackDimension,
} from "../../src/aws/powertools-metrics.ts";
import { awsServices } from "../../src/aws/services.ts";
import { announceFallback } from "./device-fallback.ts";
import { checkDriver } from "./driver.ts";
import { fetchModel } from "./fetch-model.ts";
import { readGpu } from "./gpu-figures.ts";
import { repeat } from "./repeat.ts";
import { readWorkerSettings } from "./settings.ts";
import { protectTask } from "./task-protection.ts";
import { warmUp } from "./warm-up.ts";
import { Worker } from "./worker.ts";

const HEALTH_SECONDS = 10;
/** Shorter than the period of the alarm that misses it. */
const ALIVE_SECONDS = 30;
const GPU_SECONDS = 60;

const serviceName = "worker";
const log = powertoolsLog(new Logger({ serviceName }));

try {
  await run();
} catch (error) {
  log.error("worker.failed", { error: String(error) });
  process.exitCode = 1;
}
// Nothing that is still open, connections and threads, must keep the task.
process.exit();

async function run(): Promise<void> {
  const settings = readWorkerSettings();
  const { id, concurrency, visibilitySeconds, waitSeconds, drainSeconds, protectedMinutes } = settings;
  const { device, agentUri, healthFile } = settings;
  const stopped = signalled();
  const emf = new Metrics({
    namespace: METRICS_NAMESPACE,
    serviceName,
    ...stackDimension(settings.aws.stack),
  });
  const services = awsServices(settings.aws, { log, metrics: powertoolsMetrics(emf) });

  if (device === "cuda") await checkDriver();
  const folder = await fetchModel(services, settings.model, settings.modelCache);
  const transcriber = await Transcriber.load(folder, { device });
  announceFallback(transcriber, { log, metrics: emf });
  const warm_up_seconds = await warmUp(transcriber);
  const { precision } = transcriber;
  log.info("worker.ready", { worker: id, ...transcriber.model, precision, concurrency, warm_up_seconds });

  const worker = new Worker(services, transcriber, {
    id,
    concurrency,
    visibilitySeconds,
    waitSeconds,
    drainSeconds,
  });
  const endings = [
    repeat(
      HEALTH_SECONDS,
      () => writeFile(healthFile, ""),
      () => {},
    ),
    repeat(
      ALIVE_SECONDS,
      async () => publishAlive(emf),
      () => {},
    ),
    ...(device === "cuda"
      ? [
          repeat(
            GPU_SECONDS,
            async () => publishGpu(emf, await readGpu()),
            (error) => log.warn("gpu.not_measured", { error: String(error) }),
          ),
        ]
      : []),
    ...(agentUri === null
      ? []
      : [protectTask({ agentUri, worker, longestSeconds: protectedMinutes * 60, log })]),
  ];
  await writeFile(healthFile, "");
  publishAlive(emf);
  worker.start();

  const broken = worker.broken.then((error) => new Error(`The engine is broken: ${error}`));
  const reason = await Promise.race([stopped, broken]);
  log.info("worker.draining", { worker: id, reason: String(reason) });
  const drained = await worker.drain();
  const { transcribe, archive } = services.queues;
  // The polls under way may yet bring messages, which nobody else would see until their timeout is over.
  await Promise.race([
    Promise.all([transcribe.settled(), archive.settled()]),
    pause((waitSeconds + 2) * 1000),
  ]);
  await Promise.all(endings.map((end) => end()));
  log.info("worker.stopped", { worker: id, ...drained });
  // ECS starts another task in any case; this one is to be seen as failed.
  if (reason instanceof Error) throw reason;
}

/** The first request to go. Before the work begins nothing stands in its way. */
function signalled(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, resolve);
  });
}
