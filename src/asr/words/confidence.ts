/** How the confidences of a word's tokens become one. */

/** min: as sure as its least sure token. mean: arithmetic. product: as if the tokens were independent. */
export type ConfidenceRule = "min" | "mean" | "product";

/** 0 … 1. Tokens without a confidence count as 0, as does a word without tokens. */
export function wordConfidence(
  tokenConfidences: ArrayLike<number>,
  members: readonly number[],
  rule: ConfidenceRule,
): number {
  if (members.length === 0) return 0;
  const values = members.map((i) => Math.min(1, Math.max(0, tokenConfidences[i] || 0)));
  if (rule === "min") return Math.min(...values);
  if (rule === "product") return values.reduce((product, value) => product * value, 1);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
