import { seededRandom } from "../random.ts";
import { percentile } from "./statistics.ts";

/** Errors of one utterance, and the tokens they are measured against. */
export interface UtteranceErrors {
  errors: number;
  reference: number;
}

export interface Interval {
  low: number;
  high: number;
}

const RESAMPLES = 1000;

/**
 * The percentile bootstrap of an error rate (Bisani and Ney, ICASSP 2004): utterances are drawn with replacement, as many
 * as there are, and their errors and tokens summed. The same seed gives the same interval. Throws RangeError for an empty
 * list or one without a reference token.
 */
export function bootstrapInterval(utterances: readonly UtteranceErrors[], seed = 1, percent = 95): Interval {
  if (!utterances.some(({ reference }) => reference > 0))
    throw new RangeError("There is nothing to measure against.");
  const random = seededRandom(seed);
  const rates: number[] = [];
  while (rates.length < RESAMPLES) {
    let errors = 0;
    let reference = 0;
    for (let drawn = 0; drawn < utterances.length; drawn++) {
      const one = utterances[Math.floor(random() * utterances.length)];
      errors += one.errors;
      reference += one.reference;
    }
    // A draw of nothing but silence tells no rate.
    if (reference > 0) rates.push(errors / reference);
  }
  const outside = (100 - percent) / 2;
  return { low: percentile(rates, outside), high: percentile(rates, 100 - outside) };
}
