/** Anything with a length in samples can wait for a batch. */
export interface Sized {
  readonly length: number;
}

export interface BatchLimits {
  /** Samples of a batch, padding included: utterances × the longest of them. */
  maxSamples: number;
  maxUtterances: number;
}

/** A batch costs about as much as this share of the largest one, whatever is in it (bench/NOTES.md). */
const OVERHEAD = 1 / 24;

/**
 * Utterances of all recordings, waiting for the next free session. A batch is the one that has waited longest and
 * some of those next to it in length: as many as make the most of the time, between padding and the cost of one more
 * batch. None waits for ever.
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
    const [first, last] = this.#bestRun(sorted, oldest);
    const batch = sorted.slice(first, last + 1);
    const taken = new Set(batch);
    this.remove((item) => taken.has(item));
    return batch;
  }

  /** Of all runs that hold `oldest` and keep to the limits, the one with the most audio for its cost. */
  #bestRun(sorted: readonly Item[], oldest: number): [first: number, last: number] {
    const { maxSamples, maxUtterances } = this.#limits;
    let best: [number, number] = [oldest, oldest];
    let most = 0;
    let fromOldest = 0; // samples from `oldest` to `last`
    for (let last = oldest; last < sorted.length && last - oldest < maxUtterances; last++) {
      const longest = sorted[last].length;
      fromOldest += longest;
      let samples = fromOldest;
      for (let first = oldest; first >= 0 && last - first < maxUtterances; first--) {
        if (first < oldest) samples += sorted[first].length;
        const padded = longest * (last - first + 1);
        if (padded > maxSamples && first < last) break;
        const worth = samples / (padded + OVERHEAD * maxSamples);
        if (worth <= most) continue;
        most = worth;
        best = [first, last];
      }
    }
    return best;
  }
}
