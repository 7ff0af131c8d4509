/** The queues, in the order in which they are served. */
export const LANES = ["transcribe", "archive"] as const;
export type Lane = (typeof LANES)[number];

/** Leave to ask a queue for messages. The slots for them are kept free until the answer is in. */
export interface Poll {
  lane: Lane;
  /** At most this many messages. */
  most: number;
  /** Nothing is known to wait there: the poll may wait for it. Else it is a quick look. */
  patient: boolean;
}

/** What a queue gives at once. */
const MOST_MESSAGES = 10;

/**
 * How many recordings may be in flight, and from which queue. `transcribe` may fill every slot. `archive` leaves some
 * to it, and asks only once a look at `transcribe` has found nothing; with a single slot the two take turns.
 */
export class Slots {
  readonly #all: number;
  readonly #reserved: number;
  readonly #polled = { transcribe: 0, archive: 0 };
  readonly #busy = { transcribe: 0, archive: 0 };
  readonly #waiting = new Map<Lane, (poll: Poll) => void>();
  /** The last look at `transcribe` found nothing, and nobody has been kept from looking since. */
  #quiet = false;
  /** The last look at `archive` found something. */
  #backlog = true;
  #turn: Lane = "transcribe";
  #paused = false;

  constructor(concurrency: number) {
    this.#all = concurrency;
    this.#reserved = concurrency > 1 ? Math.ceil(concurrency / 4) : 0;
  }

  /** Wait until this queue may be asked. Null where the signal ends the waiting. One caller per queue. */
  async take(lane: Lane, signal: AbortSignal): Promise<Poll | null> {
    if (signal.aborted) return null;
    const { promise, resolve } = Promise.withResolvers<Poll | null>();
    const leave = () => {
      this.#waiting.delete(lane);
      resolve(null);
    };
    signal.addEventListener("abort", leave, { once: true });
    this.#waiting.set(lane, resolve);
    this.#grant();
    const poll = await promise;
    signal.removeEventListener("abort", leave);
    return poll;
  }

  /** The poll is over: this many messages came, each of which keeps a slot. Null: the queue gave no answer. */
  polled({ lane, most }: Poll, received: number | null): void {
    this.#polled[lane] -= most;
    this.#busy[lane] += received ?? 0;
    if (lane === "archive") {
      this.#backlog = received !== 0;
      this.#turn = "transcribe";
    } else {
      this.#quiet = received === 0;
      if (received === 0) this.#turn = "archive";
    }
    this.#grant();
  }

  /** What came of one message is done with. */
  free(lane: Lane): void {
    this.#busy[lane]--;
    this.#grant();
  }

  /** No queue may be asked until `resume`. Polls under way may yet bring messages. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#grant();
  }

  #grant(): void {
    if (this.#paused) return;
    for (const lane of LANES) {
      const resolve = this.#waiting.get(lane);
      if (!resolve) continue;
      const most = Math.min(this.#room(lane), MOST_MESSAGES);
      // Who knows what has come while every slot was at work.
      if (most < 1 && this.#busy.transcribe + this.#busy.archive === this.#all) this.#quiet = false;
      if (most < 1) continue;
      this.#waiting.delete(lane);
      this.#polled[lane] += most;
      resolve({ lane, most, patient: this.#isPatient(lane) });
    }
  }

  #room(lane: Lane): number {
    const { transcribe, archive } = this.#polled;
    const free = this.#all - transcribe - archive - this.#busy.transcribe - this.#busy.archive;
    const isOthersTurn = this.#turn !== lane && this.#waiting.has(this.#turn);
    if (this.#reserved === 0 && this.#quiet && isOthersTurn) return 0;
    // A poll that waits must not keep the slots that `archive` could use meanwhile.
    if (lane === "transcribe") return this.#quiet ? Math.min(free, Math.max(1, this.#reserved)) : free;
    if (!this.#quiet) return 0;
    const allowed = Math.min(free, this.#all - this.#reserved - archive - this.#busy.archive);
    return this.#backlog ? allowed : Math.min(1, allowed);
  }

  #isPatient(lane: Lane): boolean {
    if (lane === "transcribe") return this.#quiet;
    return !this.#backlog && this.#reserved > 0;
  }
}
