/** Rounding of times that keeps what holds of them: start < end, in order, inside. All in whole milliseconds. */

/** Seconds to whole milliseconds, not before the start of the recording. */
export function toMilliseconds(seconds: number, what: string): number {
  // A NaN would reach the JSON as null, far from its cause.
  if (!Number.isFinite(seconds)) throw new RangeError(`${what} is not a time: ${seconds}`);
  return Math.max(0, Math.round(seconds * 1000));
}

/** A probability in [0, 1], to four decimals; NaN counts as 0. Null stays what it is: there is none. */
export function roundConfidence(value: number | null): number | null {
  if (value === null) return null;
  return Number.isNaN(value) ? 0 : Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 10_000;
}

export interface Span {
  start: number;
  end: number;
}

/** `span` moved inside [0, limit], and made to last at least `room`, which wins where both cannot be had. */
export function fitSpan(span: Span, room: number, limit: number): Span {
  const start = Math.min(span.start, Math.max(0, limit - room));
  return { start, end: Math.max(Math.min(span.end, limit), start + room) };
}

/**
 * Spans made to follow each other inside `outer`, each at least 1 ms long. `outer` must last a millisecond for each.
 * Spans that already do so come back as they were.
 */
export function fitSequence(spans: readonly Span[], outer: Span): Span[] {
  let free = outer.start;
  return spans.map((span, index) => {
    const after = spans.length - 1 - index;
    const start = Math.min(Math.max(span.start, free), outer.end - after - 1);
    // A millisecond is kept for each span that still has to find its place.
    const end = Math.min(Math.max(span.end, start + 1), outer.end - after);
    free = end;
    return { start, end };
  });
}
