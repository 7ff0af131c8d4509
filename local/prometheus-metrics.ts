import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Metrics, Queue } from "../src/jobs/ports/index.ts";

const REQUEST_SECONDS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];
const QUEUE_SECONDS = [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3600, 4 * 3600];
const RTF = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];

/** The service's figures in the text format of Prometheus, under the prefix `scriptorium_`. */
export class PrometheusMetrics implements Metrics {
  readonly #registry = new Registry();
  readonly #ended = this.#counter(
    "transcriptions_total",
    "Transcriptions that ended, by state and error code",
    ["state", "code"],
  );
  readonly #audio = this.#counter("audio_seconds_total", "Seconds of audio transcribed");
  readonly #processing = this.#counter("processing_seconds_total", "Seconds of decoding and inference");
  readonly #rtf = this.#histogram("rtf", "Real-time factor of each transcription", RTF);
  readonly #queued = this.#histogram("queued_seconds", "Time from queued to processing", QUEUE_SECONDS);
  readonly #webhooks = this.#counter("webhook_attempts_total", "Webhook deliveries tried, by outcome", [
    "outcome",
  ]);
  readonly #requests = this.#histogram("http_request_seconds", "Time to answer, by route", REQUEST_SECONDS, [
    "method",
    "route",
    "status",
  ]);

  /** Depth and age of these queues are read when the figures are asked for. */
  constructor(queues: readonly Queue[]) {
    collectDefaultMetrics({ register: this.#registry });
    this.#addQueues(queues);
  }

  transcriptionEnded(state: string, code = ""): void {
    this.#ended.inc({ state, code });
  }

  transcribed({
    audioSeconds,
    processingSeconds,
    queuedSeconds,
  }: Parameters<Metrics["transcribed"]>[0]): void {
    this.#audio.inc(audioSeconds);
    this.#processing.inc(processingSeconds);
    this.#queued.observe(queuedSeconds);
    if (audioSeconds > 0) this.#rtf.observe(processingSeconds / audioSeconds);
  }

  webhookAttempted(outcome: string): void {
    this.#webhooks.inc({ outcome });
  }

  requestServed({ method, route, status, seconds }: Parameters<Metrics["requestServed"]>[0]): void {
    this.#requests.observe({ method, route, status }, seconds);
  }

  /** The answer to `GET /metrics`. */
  async answer(): Promise<Response> {
    const body = await this.#registry.metrics();
    return new Response(body, { headers: { "content-type": this.#registry.contentType } });
  }

  #addQueues(queues: readonly Queue[]): void {
    const registers = [this.#registry];
    const oldest = new Gauge({
      name: "scriptorium_queue_oldest_seconds",
      help: "Age of the oldest message that waits",
      labelNames: ["queue"],
      registers,
    });
    new Gauge({
      name: "scriptorium_queue_messages",
      help: "Messages by queue and whether they wait, are in flight or delayed",
      labelNames: ["queue", "state"],
      registers,
      async collect() {
        for (const queue of queues) {
          const { visible, inFlight, delayed, oldestSeconds } = await queue.depth();
          this.set({ queue: queue.name, state: "visible" }, visible);
          this.set({ queue: queue.name, state: "in_flight" }, inFlight);
          this.set({ queue: queue.name, state: "delayed" }, delayed);
          oldest.set({ queue: queue.name }, oldestSeconds);
        }
      },
    });
  }

  #counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name: `scriptorium_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram(name: string, help: string, buckets: number[], labelNames: string[] = []): Histogram {
    return new Histogram({
      name: `scriptorium_${name}`,
      help,
      buckets,
      labelNames,
      registers: [this.#registry],
    });
  }
}
