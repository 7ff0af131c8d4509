/** Lets so many in at once; the others wait in the order in which they came. */
export class Gate {
  #free: number;
  readonly #waiting: (() => void)[] = [];
  #closed: { reason: unknown } | null = null;

  constructor(places: number) {
    this.#free = places;
  }

  /** From now on nobody gets in: those who wait and those who come are thrown the reason. */
  close(reason: unknown): void {
    this.#closed ??= { reason };
  }

  async through<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((enter) => this.#waiting.push(enter));
    try {
      if (this.#closed) throw this.#closed.reason;
      return await work();
    } finally {
      // A place goes straight to the next one, so that nobody can slip in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
