import type { Arrival } from "./traffic.ts";

/** How the sweep deals with recordings that were queued long ago and not begun. */
export interface SweepRules {
  /** After this it looks at them, and again after each such time. */
  requeueSeconds: number;
  /** Whether it sends them again although their message waits. */
  resends: boolean;
  /** Records that it deals with in a second. */
  perSecond: number;
  /** It begins nothing more after so many seconds. */
  seconds: number;
  /** Of its function: what is not over by then has failed. */
  timeoutSeconds: number;
}

interface Due {
  job: Arrival;
  at: number;
}

/** The sweep of each minute, over what waits. */
export class Sweep {
  readonly #rules: SweepRules;
  readonly #waiting = new Set<Arrival>();
  /** In the order of time, as all of them are due after the same time. The first is at `#head`. */
  #due: Due[] = [];
  #head = 0;
  #busyUntil = 0;
  /** Messages of recordings that had one already. */
  sentTwice = 0;
  /** Seconds. */
  longest = 0;
  failed = 0;

  constructor(rules: SweepRules) {
    this.#rules = rules;
  }

  queued(job: Arrival, now: number): void {
    this.#waiting.add(job);
    this.#due.push({ job, at: now + this.#rules.requeueSeconds });
  }

  begun(job: Arrival): void {
    this.#waiting.delete(job);
  }

  /** To be called every minute; one that is still at work keeps the next from starting. */
  run(now: number): void {
    const { requeueSeconds, resends, perSecond, seconds, timeoutSeconds } = this.#rules;
    if (now < this.#busyUntil) return;
    let used = 0;
    for (; this.#due[this.#head]?.at <= now && used < Math.min(seconds, timeoutSeconds); this.#head++) {
      const { job } = this.#due[this.#head];
      if (!this.#waiting.has(job)) continue;
      used += 1 / perSecond;
      if (resends) this.sentTwice++;
      else this.#due.push({ job, at: now + requeueSeconds });
    }
    this.#busyUntil = now + used;
    this.longest = Math.max(this.longest, used);
    if (used >= timeoutSeconds) this.failed++;
    if (this.#head > 10_000 && 2 * this.#head > this.#due.length) {
      this.#due = this.#due.slice(this.#head);
      this.#head = 0;
    }
  }
}
