import { setTimeout as pause } from "node:timers/promises";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { Log, Message, Queue } from "../src/jobs/ports/index.ts";

type Handler = (event: SQSEvent) => Promise<SQSBatchResponse>;

export interface QueueTriggerOptions {
  queue: Queue;
  handler: Handler;
  log: Log;
  /** Invocations at once, of a message each: a slow one keeps no other waiting. */
  concurrency: number;
  visibilitySeconds: number;
}

/** Messages received at once. */
const MOST = 10;
const WAIT_SECONDS = 20;
/** Before a message is given to the handler again that could not deal with it. */
const RETRY_SECONDS = 5;

/** Feeds a queue to a Lambda handler, as SQS's event source mapping does: what fails comes back. */
export class QueueTrigger {
  readonly #options: QueueTriggerOptions;
  readonly #stopping = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  readonly #running: Promise<void>;

  constructor(options: QueueTriggerOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Take no more, wait for the invocations under way. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await Promise.all(this.#underWay);
  }

  async #run(): Promise<void> {
    const { queue, visibilitySeconds, concurrency } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const room = concurrency - this.#underWay.size;
      if (room === 0) {
        await Promise.race(this.#underWay);
        continue;
      }
      const most = Math.min(MOST, room);
      try {
        const messages = await queue.receive({ most, waitSeconds: WAIT_SECONDS, visibilitySeconds, signal });
        for (const message of messages) this.#start(message);
      } catch (error) {
        await this.#failed(error);
      }
    }
  }

  #start(message: Message): void {
    const invocation = this.#invoke(message)
      .catch((error: unknown) => this.#failed(error))
      .finally(() => this.#underWay.delete(invocation));
    this.#underWay.add(invocation);
  }

  async #invoke(message: Message): Promise<void> {
    const { queue, handler, log } = this.#options;
    const failed = await handler({ Records: [toRecord(message, queue.name)] }).then(
      ({ batchItemFailures }) => batchItemFailures.length > 0,
      (error: unknown) => {
        log.error("handler.failed", { queue: queue.name, error: String(error) });
        return true;
      },
    );
    if (failed) await queue.release(message, RETRY_SECONDS);
    else await queue.delete(message);
  }

  async #failed(error: unknown): Promise<void> {
    const { queue, log } = this.#options;
    log.error("queue.failed", { queue: queue.name, error: String(error) });
    await pause(RETRY_SECONDS * 1000, null, { signal: this.#stopping.signal }).catch(() => {});
  }
}

function toRecord(message: Message, queue: string): SQSRecord {
  return {
    messageId: message.id,
    receiptHandle: message.receipt,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(Date.parse(message.sentAt)),
      SenderId: "local",
      ApproximateFirstReceiveTimestamp: String(Date.parse(message.sentAt)),
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: `arn:aws:sqs:local:000000000000:${queue}`,
    awsRegion: "local",
  };
}
