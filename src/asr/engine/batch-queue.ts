/** Anything with a length in samples can wait for a batch. */
export interface Sized {
  readonly length: number;
}

export interface BatchLimits {
  /** Samples of a batch, padding included: utterances × the longest of them. */
  maxSamples: number;
  maxUtterances: number;
}

/**
 * Utterances of all recordings, waiting for the next free session. A batch is the one that has waited longest
 * and those nearest to it in length, so little of it is padding and none waits for ever.
 */
export class BatchQueue<Item extends Sized> {
  #items: Item[] = [];
  readonly #limits: BatchLimits;
  readonly #takers: ((batch: Item[]) => void)[] = [];
  #closed = false;

  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#items.length;
  }

  push(item: Item): void {
    this.#items.push(item);
    // A moment later, so that utterances pushed in one go share a batch.
    if (this.#takers.length > 0) queueMicrotask(() => this.#serve());
  }

  /** Take out what no longer needs to be done, and return it. */
  remove(unwanted: (item: Item) => boolean): Item[] {
    const { gone = [], kept = [] } = Object.groupBy(this.#items, (item) =>
      unwanted(item) ? "gone" : "kept",
    );
    this.#items = kept;
    return gone;
  }

  /** The next batch, when there is one; an empty one after close(). */
  take(): Promise<Item[]> {
    return new Promise((resolve) => {
      this.#takers.push(resolve);
      this.#serve();
    });
  }

  /** Hand out nothing more. Returns what was still waiting. */
  close(): Item[] {
    this.#closed = true;
    const left = this.#items.splice(0);
    this.#serve();
    return left;
  }

  #serve(): void {
    while (this.#takers.length > 0 && (this.#closed || this.#items.length > 0)) {
      this.#takers.shift()?.(this.#closed ? [] : this.#nextBatch());
    }
  }

  #nextBatch(): Item[] {
    const [oldest] = this.#items;
    const byCloseness = this.#items
      .map((item, age) => ({ item, age, distance: Math.abs(item.length - oldest.length) }))
      .sort((a, b) => a.distance - b.distance || a.age - b.age);
    const batch: Item[] = [];
    let longest = 0;
    for (const { item } of byCloseness) {
      const padded = Math.max(longest, item.length) * (batch.length + 1);
      if (batch.length > 0 && padded > this.#limits.maxSamples) break;
      longest = Math.max(longest, item.length);
      batch.push(item);
      if (batch.length === this.#limits.maxUtterances) break;
    }
    const taken = new Set(batch);
    this.remove((item) => taken.has(item));
    return batch;
  }
}
