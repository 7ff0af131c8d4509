/** Anything with a length in samples can wait for a batch. */
export interface Sized {
  readonly length: number;
}

export interface BatchLimits {
  /** Samples of a batch, padding included: utterances × the longest of them. */
  maxSamples: number;
  maxUtterances: number;
  /** Samples that one batch more costs as much as, whatever is in it. */
  overheadSamples: number;
}

/**
 * Utterances of all recordings, waiting for the next free session. By length, they are divided into the batches that
 * cost least in all, of padding and of what each batch costs besides; the batch of the one that has waited longest is
 * the next. None waits for ever.
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
    const byLength = [...this.#items.entries()].sort(([, a], [, b]) => a.length - b.length);
    const oldest = byLength.findIndex(([age]) => age === 0);
    const sorted = byLength.map(([, item]) => item);
    const [first, end] = this.#divide(sorted).find(([, end]) => oldest < end)!;
    const batch = sorted.slice(first, end);
    const taken = new Set(batch);
    this.remove((item) => taken.has(item));
    return batch;
  }

  /** Runs of the items in order of length, each within the limits, that together cost least: by dynamic programming. */
  #divide(sorted: readonly Item[]): [first: number, end: number][] {
    const { maxSamples, maxUtterances, overheadSamples } = this.#limits;
    const costs = [0]; // of the first n items
    const starts = [0]; // of the last run among them
    for (let end = 1; end <= sorted.length; end++) {
      const longest = sorted[end - 1].length;
      costs[end] = Number.POSITIVE_INFINITY;
      for (let first = end - 1; first >= 0 && end - first <= maxUtterances; first--) {
        const padded = longest * (end - first);
        if (padded > maxSamples && end - first > 1) break;
        const cost = costs[first] + padded + overheadSamples;
        if (cost >= costs[end]) continue;
        costs[end] = cost;
        starts[end] = first;
      }
    }
    const runs: [first: number, end: number][] = [];
    for (let end = sorted.length; end > 0; end = starts[end]) runs.unshift([starts[end], end]);
    return runs;
  }
}
