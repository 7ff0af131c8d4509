import type { Transcriber } from "../../src/asr/index.ts";
import type { Message } from "../../src/jobs/ports/index.ts";
import type { Services } from "../../src/jobs/services.ts";
import type { WorkContext } from "./context.ts";
import { EngineHealth } from "./engine-health.ts";
import { MessageWork } from "./message-work.ts";
import { WORKER_DEFAULTS, type WorkerOptions } from "./options.ts";
import { pollQueue } from "./poller.ts";
import { pause } from "./repeat.ts";
import { LANES, type Lane, Slots } from "./slots.ts";

export type { WorkerOptions } from "./options.ts";

/** What became of the messages that were in hand when the worker had to go. */
export interface Drained {
  finished: number;
  /** Given back, for another worker to take at once. */
  released: number;
}

/** To give back what is not finished; storage that hangs must not keep the worker. */
const RELEASE_SECONDS = 10;

/**
 * Takes messages of `transcribe` and `archive` and does what they ask for, several at a time. It may die at any point:
 * what it had in hand comes back to another worker, and nothing is done twice that shows.
 */
export class Worker {
  /** Resolves, with the error, when the engine has to be given up: drain this worker and start another one. */
  readonly broken: Promise<unknown>;
  readonly #context: WorkContext;
  readonly #slots: Slots;
  readonly #receiving = new AbortController();
  readonly #inHand = new Map<MessageWork, Promise<void>>();
  #drained: Drained | null = null;
  #pollers: Promise<unknown> = Promise.resolve();
  #receipts = 0;

  constructor(services: Services, transcriber: Transcriber, options: WorkerOptions) {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.broken = promise;
    this.#context = {
      services,
      transcriber,
      options: { ...WORKER_DEFAULTS, ...options },
      health: new EngineHealth(),
      onBroken: (error) => {
        // Nothing more for an engine that cannot do it. What is in hand is given back by whoever drains this worker.
        this.#receiving.abort();
        resolve(error);
      },
    };
    this.#slots = new Slots(this.#context.options.concurrency);
  }

  /** Nothing is in hand. */
  get idle(): boolean {
    return this.#inHand.size === 0;
  }

  /** Receive nothing more until `resume`. What is in hand goes on, and a poll under way may bring its messages. */
  pause(): void {
    this.#slots.pause();
  }

  resume(): void {
    this.#slots.resume();
  }

  start(): void {
    const { services, options } = this.#context;
    const { log, queues } = services;
    const { waitSeconds, visibilitySeconds } = options;
    const shared = {
      slots: this.#slots,
      waitSeconds,
      visibilitySeconds,
      log,
      signal: this.#receiving.signal,
    };
    this.#pollers = Promise.all(
      LANES.map((lane) =>
        pollQueue({
          ...shared,
          lane,
          queue: queues[lane],
          begin: (message) => this.#begin(lane, message),
        }),
      ),
    );
  }

  /** Receive nothing more, let what is in hand finish until the deadline, then give back the rest. */
  async drain(deadlineSeconds = this.#context.options.drainSeconds): Promise<Drained> {
    const drained = { finished: 0, released: 0 };
    this.#drained = drained;
    this.#receiving.abort();
    await within(deadlineSeconds, this.#emptied());
    for (const work of this.#inHand.keys()) work.drain();
    await within(RELEASE_SECONDS, this.#emptied());
    return drained;
  }

  async #emptied(): Promise<void> {
    await this.#pollers;
    await Promise.all(this.#inHand.values());
  }

  #begin(lane: Lane, message: Message): void {
    const { services } = this.#context;
    const work = new MessageWork(this.#context, services.queues[lane], message, ++this.#receipts);
    if (this.#receiving.signal.aborted) work.drain();
    this.#inHand.set(work, this.#carryOut(work, lane));
  }

  async #carryOut(work: MessageWork, lane: Lane): Promise<void> {
    const outcome = await work.run();
    this.#inHand.delete(work);
    this.#slots.free(lane);
    if (this.#drained && outcome !== "lost") this.#drained[outcome]++;
  }
}

async function within(seconds: number, work: Promise<void>): Promise<void> {
  const over = new AbortController();
  await Promise.race([work, pause(seconds, over.signal)]);
  over.abort();
}
