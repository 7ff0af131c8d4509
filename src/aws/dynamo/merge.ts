/** The entries of several sources, each of which comes largest first, as one that does. */
export async function* mergeDescending<Entry>(
  sources: readonly AsyncIterable<Entry>[],
  keyOf: (entry: Entry) => string,
): AsyncGenerator<Entry> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  // All first pages at once.
  const heads = await Promise.all(iterators.map((iterator) => iterator.next()));
  for (;;) {
    let largest = -1;
    for (const [index, head] of heads.entries()) {
      if (head.done) continue;
      const best = largest === -1 ? undefined : heads[largest];
      if (!best || best.done || keyOf(head.value) > keyOf(best.value)) largest = index;
    }
    const chosen = heads[largest];
    if (!chosen || chosen.done) return;
    yield chosen.value;
    heads[largest] = await iterators[largest].next();
  }
}
