import { setTimeout as pause } from "node:timers/promises";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { Log, Message, Queue } from "../src/jobs/ports/index.ts";

type Handler = (event: SQSEvent) => Promise<SQSBatchResponse>;

export interface QueueTriggerOptions {
  queue: Queue;
  handler: Handler;
  log: Log;
  /** Invocations at once. */
  concurrency: number;
  visibilitySeconds: number;
}

const BATCH = 10;
const WAIT_SECONDS = 20;
/** Before a message is given to the handler again that could not deal with it. */
const RETRY_SECONDS = 5;

/** Feeds a queue to a Lambda handler, as SQS's event source mapping does: partial failures come back. */
export class QueueTrigger {
  readonly #options: QueueTriggerOptions;
  readonly #stopping = new AbortController();
  readonly #lanes: Promise<void>[];

  constructor(options: QueueTriggerOptions) {
    this.#options = options;
    this.#lanes = Array.from({ length: options.concurrency }, () => this.#run());
  }

  /** Take no more, wait for the invocations under way. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#lanes);
  }

  async #run(): Promise<void> {
    const { queue, visibilitySeconds, log } = this.#options;
    const { signal } = this.#stopping;
    const options = { most: BATCH, waitSeconds: WAIT_SECONDS, visibilitySeconds, signal };
    while (!signal.aborted) {
      try {
        const messages = await queue.receive(options);
        if (messages.length > 0) await this.#invoke(messages);
      } catch (error) {
        log.error("queue.failed", { queue: queue.name, error: String(error) });
        await pause(RETRY_SECONDS * 1000, null, { signal }).catch(() => {});
      }
    }
  }

  async #invoke(messages: readonly Message[]): Promise<void> {
    const { queue, handler, log } = this.#options;
    const event = { Records: messages.map((message) => toRecord(message, queue.name)) };
    const failed = await handler(event).then(
      ({ batchItemFailures }) => new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)),
      (error: unknown) => {
        log.error("handler.failed", { queue: queue.name, error: String(error) });
        return new Set(messages.map(({ id }) => id));
      },
    );
    for (const message of messages) {
      if (failed.has(message.id)) await queue.release(message, RETRY_SECONDS);
      else await queue.delete(message);
    }
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
