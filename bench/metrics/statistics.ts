/** All of these throw RangeError for an empty list: a benchmark without runs has no median, not even NaN. */

export function mean(values: readonly number[]): number {
  assertSome(values);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** Linear interpolation between the two nearest ranks (type 7 of Hyndman & Fan 1996, NumPy's default). `percent` in [0, 100]. */
export function percentile(values: readonly number[], percent: number): number {
  assertSome(values);
  if (!(percent >= 0 && percent <= 100)) throw new RangeError(`Not a percentage: ${percent}`);
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (percent / 100) * (sorted.length - 1);
  const below = sorted[Math.floor(rank)];
  const above = sorted[Math.ceil(rank)];
  // Rounding must not lift it above the higher of the two.
  return Math.min(above, below + (above - below) * (rank % 1));
}

function assertSome(values: readonly number[]): void {
  if (values.length === 0) throw new RangeError("There are no values.");
}
