import type { DatabaseSync } from "node:sqlite";
import type { Clock, Message, Queue, QueueDepth, ReceiveOptions, SendOptions } from "../jobs/ports/index.ts";
import {
  deleteMessage,
  extendMessage,
  nextVisibleAt,
  queueDepth,
  type Received,
  receiveMessages,
  releaseMessage,
  sendMessages,
} from "./sqlite/messages.ts";
import { waitForWake, wake } from "./sqlite/wake-up.ts";

export interface SqliteQueueOptions {
  name: string;
  clock: Clock;
  /** Receipts before a message is given up (default 5). */
  maxReceives?: number;
  /** Messages of one owner that may be in flight at once; default: any number. */
  mostOfOwner?: number;
  /** Name of the queue that takes what is given up; null: nothing ever is. */
  deadLetters: string | null;
}

/** How often a waiting receiver looks for what other processes have sent. */
const POLL_MS = 150;
const DEFAULT_MAX_RECEIVES = 5;
/** What SQS allows; here it would not be noticed, and there it would fail. */
const MOST_DELAY_SECONDS = 900;
const MOST_AT_ONCE = 10;

/**
 * A queue in a database of `openDatabase`, with the semantics of SQS. Visibility and delays follow the clock; how
 * long a receiver waits is real time. Throws StorageFullError, StorageReadOnlyError, and RangeError for what SQS refuses.
 */
export class SqliteQueue implements Queue {
  readonly name: string;
  readonly #db: DatabaseSync;
  readonly #clock: Clock;
  readonly #maxReceives: number;
  readonly #mostOfOwner: number | null;
  readonly #deadLetters: string | null;

  constructor(db: DatabaseSync, { name, clock, maxReceives, mostOfOwner, deadLetters }: SqliteQueueOptions) {
    this.name = name;
    this.#db = db;
    this.#clock = clock;
    this.#maxReceives = maxReceives ?? DEFAULT_MAX_RECEIVES;
    this.#mostOfOwner = mostOfOwner ?? null;
    this.#deadLetters = deadLetters;
  }

  async send(body: string, { delaySeconds = 0, owner }: SendOptions = {}): Promise<void> {
    if (!(delaySeconds >= 0 && delaySeconds <= MOST_DELAY_SECONDS))
      throw new RangeError(`A message can be delayed by 0 to ${MOST_DELAY_SECONDS} s, not ${delaySeconds}`);
    const times = { now: this.#clock.now(), visibleAt: this.#in(delaySeconds) };
    sendMessages(this.#db, this.name, [body], { ...times, owner: owner ?? "" });
    wake(this.#db, this.name);
  }

  async sendMany(bodies: readonly string[], { owner = "" }: { owner?: string } = {}): Promise<void> {
    const now = this.#clock.now();
    sendMessages(this.#db, this.name, bodies, { now, visibleAt: now, owner });
    wake(this.#db, this.name);
  }

  async receive({ most, waitSeconds, visibilitySeconds, signal }: ReceiveOptions): Promise<Message[]> {
    if (!(most >= 1 && most <= MOST_AT_ONCE))
      throw new RangeError(`1 to ${MOST_AT_ONCE} messages can be received at once, not ${most}`);
    const deadline = performance.now() + waitSeconds * 1000;
    while (!signal?.aborted) {
      const { messages, moved } = this.#take(most, visibilitySeconds);
      if (moved > 0 && this.#deadLetters !== null) wake(this.#db, this.#deadLetters);
      const left = deadline - performance.now();
      if (messages.length > 0 || left <= 0) return messages;
      await waitForWake(this.#db, this.name, Math.min(left, this.#untilNextLook()), signal);
    }
    return [];
  }

  async extend(message: Message, visibilitySeconds: number): Promise<boolean> {
    const times = { now: this.#clock.now(), visibleAt: this.#in(visibilitySeconds) };
    return extendMessage(this.#db, message, times);
  }

  async release(message: Message, delaySeconds = 0): Promise<void> {
    releaseMessage(this.#db, message, this.#in(delaySeconds));
    wake(this.#db, this.name);
  }

  async delete(message: Message): Promise<void> {
    deleteMessage(this.#db, message);
    // There is room for another one of its owner's.
    if (this.#mostOfOwner !== null) wake(this.#db, this.name);
  }

  async depth(): Promise<QueueDepth> {
    return queueDepth(this.#db, this.name, this.#clock.now());
  }

  #take(most: number, visibilitySeconds: number): Received {
    return receiveMessages(this.#db, {
      queue: this.name,
      now: this.#clock.now(),
      most,
      visibleAt: this.#in(visibilitySeconds),
      mostOfOwner: this.#mostOfOwner,
      maxReceives: this.#maxReceives,
      deadLetters: this.#deadLetters,
    });
  }

  /** Milliseconds; sooner where a delay or a visibility timeout ends sooner. */
  #untilNextLook(): number {
    const next = nextVisibleAt(this.#db, this.name);
    const wait = next === null ? POLL_MS : next - this.#clock.now();
    // What is visible and was not taken is of owners who have enough in flight.
    return wait <= 0 && this.#mostOfOwner !== null ? POLL_MS : Math.min(POLL_MS, Math.max(1, wait));
  }

  #in(seconds: number): number {
    return Math.round(this.#clock.now() + seconds * 1000);
  }
}
