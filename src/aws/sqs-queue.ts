import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
  SQSServiceException,
} from "@aws-sdk/client-sqs";
import type { Message, Queue, QueueDepth, ReceiveOptions, SendOptions } from "../jobs/ports/index.ts";
import { fairGroup } from "./sqs/fair-group.ts";
import { sendInBatches } from "./sqs/send-in-batches.ts";

export interface SqsQueueOptions {
  client: SQSClient;
  name: string;
  url: string;
  /** Milliseconds on a clock that only goes forward (default performance.now). */
  now?: () => number;
}

/** What SQS says of a receipt whose message is gone, or somebody else's by now. */
const NOT_OURS = new Set([
  "ReceiptHandleIsInvalid",
  "MessageNotInflight",
  "InvalidParameterValue",
  "InvalidParameterValueException",
  "InvalidIdFormat",
]);

/** A queue of SQS, whose redrive policy says what becomes of messages that are received too often. */
export class SqsQueue implements Queue {
  readonly name: string;
  readonly #client: SQSClient;
  readonly #url: string;
  readonly #now: () => number;
  /** Until when a message is ours, by that clock. SQS may still take a receipt that another one has replaced. */
  readonly #ours = new WeakMap<Message, number>();
  /** Polls that were told to end: what they bring is given back. */
  readonly #ending = new Set<Promise<void>>();

  constructor({ client, name, url, now = () => performance.now() }: SqsQueueOptions) {
    this.name = name;
    this.#now = now;
    this.#client = client;
    this.#url = url;
  }

  async send(body: string, { delaySeconds = 0, owner }: SendOptions = {}): Promise<void> {
    // The SDK would leave NaN out, and the message would go at once.
    if (!(delaySeconds >= 0)) throw new RangeError(`A message cannot be delayed by ${delaySeconds} s`);
    const message = { QueueUrl: this.#url, MessageBody: body, DelaySeconds: Math.ceil(delaySeconds) };
    await this.#client.send(new SendMessageCommand({ ...message, ...fairGroup(owner) }));
  }

  sendMany(bodies: readonly string[], { owner }: Pick<SendOptions, "owner"> = {}): Promise<void> {
    return sendInBatches(this.#client, this.#url, bodies, fairGroup(owner));
  }

  async receive(options: ReceiveOptions): Promise<Message[]> {
    const { signal } = options;
    if (signal?.aborted) return [];
    const receiving = this.#receive(options);
    if (!signal) return receiving;
    const { promise: aborted, resolve } = Promise.withResolvers<null>();
    const abort = () => resolve(null);
    signal.addEventListener("abort", abort, { once: true });
    const messages = await Promise.race([receiving, aborted]);
    signal.removeEventListener("abort", abort);
    if (messages) return messages;
    this.#releaseLater(receiving);
    return [];
  }

  /** Until no poll is under way that was told to end: a process should not die before. */
  async settled(): Promise<void> {
    await Promise.all(this.#ending);
  }

  async extend(message: Message, visibilitySeconds: number): Promise<boolean> {
    if (!this.#isOurs(message)) return false;
    const until = this.#now() + Math.ceil(visibilitySeconds) * 1000;
    const changed = await this.#changeVisibility(message, visibilitySeconds);
    if (changed) this.#ours.set(message, until);
    else this.#ours.set(message, 0);
    return changed;
  }

  async release(message: Message, delaySeconds = 0): Promise<void> {
    if (!this.#isOurs(message)) return;
    await this.#changeVisibility(message, delaySeconds);
    this.#ours.set(message, 0);
  }

  async delete(message: Message): Promise<void> {
    if (!this.#isOurs(message)) return;
    const { receipt } = message;
    await this.#unlessLost(new DeleteMessageCommand({ QueueUrl: this.#url, ReceiptHandle: receipt }));
    this.#ours.set(message, 0);
  }

  /** SQS tells a queue's depth about right, and the age of its oldest message to CloudWatch only: here it is 0. */
  async depth(): Promise<QueueDepth> {
    const { Attributes } = await this.#client.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.#url,
        AttributeNames: [
          "ApproximateNumberOfMessages",
          "ApproximateNumberOfMessagesNotVisible",
          "ApproximateNumberOfMessagesDelayed",
        ],
      }),
    );
    return {
      visible: Number(Attributes?.ApproximateNumberOfMessages ?? 0),
      inFlight: Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0),
      delayed: Number(Attributes?.ApproximateNumberOfMessagesDelayed ?? 0),
      oldestSeconds: 0,
    };
  }

  async #receive({ most, waitSeconds, visibilitySeconds }: ReceiveOptions): Promise<Message[]> {
    const asked = this.#now();
    const { Messages } = await this.#client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#url,
        MaxNumberOfMessages: most,
        WaitTimeSeconds: Math.ceil(waitSeconds),
        VisibilityTimeout: Math.ceil(visibilitySeconds),
        MessageSystemAttributeNames: ["ApproximateReceiveCount", "SentTimestamp"],
      }),
    );
    // An answer to a long poll may have been on its way for any part of it; none takes longer than this.
    const received = Math.max(asked, this.#now() - MOST_LATENCY_MS);
    return (Messages ?? []).map(({ MessageId, ReceiptHandle, Body, Attributes }) => {
      const message: Message = {
        id: MessageId ?? "",
        body: Body ?? "",
        receipt: ReceiptHandle ?? "",
        receiveCount: Number(Attributes?.ApproximateReceiveCount ?? 1),
        sentAt: new Date(Number(Attributes?.SentTimestamp ?? 0)).toISOString(),
      };
      this.#ours.set(message, received + Math.ceil(visibilitySeconds) * 1000);
      return message;
    });
  }

  /** Breaking off a long poll could lose what it was just about to bring until that message's timeout is over. */
  #releaseLater(receiving: Promise<Message[]>): void {
    const ending = receiving
      .then((messages) => Promise.all(messages.map((message) => this.release(message))))
      .then(
        () => {},
        () => {}, // They come back by themselves, only later.
      )
      .finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  #isOurs(message: Message): boolean {
    return this.#now() < (this.#ours.get(message) ?? Number.POSITIVE_INFINITY);
  }

  #changeVisibility({ receipt }: Message, seconds: number): Promise<boolean> {
    return this.#unlessLost(
      new ChangeMessageVisibilityCommand({
        QueueUrl: this.#url,
        ReceiptHandle: receipt,
        VisibilityTimeout: Math.ceil(seconds),
      }),
    );
  }

  /** False where the message is not ours any more. */
  async #unlessLost(command: ChangeMessageVisibilityCommand | DeleteMessageCommand): Promise<boolean> {
    try {
      await (command instanceof DeleteMessageCommand
        ? this.#client.send(command)
        : this.#client.send(command));
      return true;
    } catch (error) {
      if (error instanceof SQSServiceException && NOT_OURS.has(error.name)) return false;
      throw error;
    }
  }
}

const MOST_LATENCY_MS = 1000;
