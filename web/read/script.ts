import type { Segment, Transcript, Word } from "../api/shapes.ts";

/** A transcript as rows of words, with what playing along needs: every word has a number, from 0, in reading order. */
export interface Script {
  rows: Row[];
  /** As they are shown. Where no times were asked for, a segment is one word. */
  words: string[];
  /** As they were heard. */
  heard: string[];
  /** The word that each is shown in: the one before, where several are written as one (917). */
  holders: Uint32Array;
  /** Seconds. */
  starts: Float64Array;
  ends: Float64Array;
  /** Null where the model tells none. */
  confidences: (number | null)[];
  /** Numbers of words by their start: those of several channels overlap. */
  order: Uint32Array;
}

export interface Row {
  segment: Segment;
  /** Number of its first word. */
  first: number;
  /** How many. */
  count: number;
}

export function toScript({ segments }: Transcript): Script {
  const rows: Row[] = [];
  const timed = segments.map(({ words, text, start, end, confidence }): Word[] =>
    words.length > 0 ? words : [{ word: text, start, end, confidence }],
  );
  const all = timed.flat();
  let first = 0;
  for (const [index, segment] of segments.entries()) {
    rows.push({ segment, first, count: timed[index].length });
    first += timed[index].length;
  }
  const starts = Float64Array.from(all, ({ start }) => start);
  const order = Uint32Array.from(all.keys()).sort((a, b) => starts[a] - starts[b] || a - b);
  const words = all.map(({ word, display }) => display ?? word);
  const holders = new Uint32Array(all.length);
  for (const [index, word] of words.entries())
    holders[index] = word === "" && index > 0 ? holders[index - 1] : index;
  return {
    rows,
    words,
    heard: all.map(({ word }) => word),
    holders,
    starts,
    ends: Float64Array.from(all, ({ end }) => end),
    confidences: all.map(({ confidence }) => confidence),
    order,
  };
}

/** Words of other channels that may have begun since the one that is still being said. */
const MOST_OVERLAPS = 50;

/** The word that is being said at a time, the one that began last; null in a pause. */
export function wordAt({ starts, ends, order }: Script, time: number): number | null {
  const after = upperBound(order.length, (place) => starts[order[place]] <= time);
  for (let place = after - 1; place >= Math.max(0, after - MOST_OVERLAPS); place--) {
    const word = order[place];
    if (ends[word] > time) return word;
  }
  return null;
}

/** The row that a word stands in. */
export function rowOf({ rows }: Script, word: number): number {
  return upperBound(rows.length, (row) => rows[row].first <= word) - 1;
}

/** The row that is being said, or that was said last; -1 before the first. */
export function rowAt({ rows }: Script, time: number): number {
  return upperBound(rows.length, (row) => rows[row].segment.start <= time) - 1;
}

/** How many of the first `count` places hold, all of them before those that do not. */
export function upperBound(count: number, holds: (place: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
