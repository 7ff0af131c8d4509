import type { Clock } from "../../../src/jobs/ports/index.ts";

/** A clock that stands still until it is told otherwise. */
export class ManualClock implements Clock {
  #now = Date.parse("2026-03-01T12:00:00.000Z");

  now(): number {
    return this.#now;
  }

  advance(seconds: number): void {
    this.#now += seconds * 1000;
  }
}
