/** Frames on each side of a cut that count as its surroundings: 160 ms, so that a pause beats a stop closure. */
const REACH = 8;

/**
 * The frame border from `from` to `to` (both included) with the lowest level around it: the mean of the decibels
 * of the frames within 160 ms, nearer ones weighing more, which favours the middle of what is both quiet and long.
 * `level` gives dBFS of frame f for `first` ≤ f < `last`; the latest wins a tie, so that segments are long.
 */
export function quietestCut(
  level: (frame: number) => number,
  first: number,
  last: number,
  from: number,
  to: number,
): number {
  let best = to;
  let lowest = Number.POSITIVE_INFINITY;
  for (let border = to; border >= from; border--) {
    let sum = 0;
    let weights = 0;
    const low = Math.max(first, border - REACH);
    const high = Math.min(last, border + REACH);
    for (let frame = low; frame < high; frame++) {
      const weight = REACH - (frame < border ? border - 1 - frame : frame - border);
      sum += weight * level(frame);
      weights += weight;
    }
    const mean = sum / weights;
    if (mean < lowest) {
      lowest = mean;
      best = border;
    }
  }
  return best;
}
