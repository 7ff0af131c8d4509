import type { EventQueue } from "./event-queue.ts";
import type { Circumstances } from "./inputs.ts";
import type { Arrival } from "./traffic.ts";

export type WorkerEvent =
  | { kind: "fetched"; worker: Worker; job: Arrival }
  | { kind: "transcribed"; worker: Worker; job: Arrival };

/** One GPU: several recordings in hand, one after another on the device. */
export class Worker {
  readonly #circumstances: Circumstances;
  readonly #events: EventQueue<WorkerEvent>;
  readonly #inHand = new Set<Arrival>();
  readonly #waiting: Arrival[] = [];
  #onDevice = false;
  /** An interrupted worker's events come to nothing. */
  lost = false;
  /** Seconds that the device worked, on what was finished or not. */
  deviceSeconds = 0;

  constructor(circumstances: Circumstances, events: EventQueue<WorkerEvent>) {
    this.#circumstances = circumstances;
    this.#events = events;
  }

  get free(): number {
    return this.#circumstances.concurrency - this.#inHand.size;
  }

  get idle(): boolean {
    return this.#inHand.size === 0;
  }

  take(job: Arrival, now: number): void {
    this.#inHand.add(job);
    this.#events.add(now + this.#circumstances.overhead, { kind: "fetched", worker: this, job });
  }

  fetched(job: Arrival, now: number): void {
    this.#waiting.push(job);
    this.#feed(now);
  }

  transcribed(job: Arrival, now: number): void {
    this.#inHand.delete(job);
    this.#onDevice = false;
    this.#feed(now);
  }

  /** What it had in hand. */
  lose(): Arrival[] {
    this.lost = true;
    return [...this.#inHand];
  }

  #feed(now: number): void {
    const job = this.#onDevice ? undefined : this.#waiting.shift();
    if (!job) return;
    const seconds = this.#circumstances.rtf * job.duration;
    this.#onDevice = true;
    this.deviceSeconds += seconds;
    this.#events.add(now + seconds, { kind: "transcribed", worker: this, job });
  }
}
