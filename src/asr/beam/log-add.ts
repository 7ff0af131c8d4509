/** Below this difference the smaller term is under half a unit in the last place: leaving it out changes nothing. */
const NEGLIGIBLE = -37;

/** ln(e^a + e^b). Either may be −∞. */
export function logAdd(a: number, b: number): number {
  const high = Math.max(a, b);
  const difference = a > b ? b - a : a - b;
  // Also true for −∞ against anything; NaN (−∞ against −∞) must not reach the exponential.
  if (!(difference > NEGLIGIBLE)) return high;
  return high + Math.log1p(Math.exp(difference));
}
