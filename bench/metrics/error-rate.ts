import { type Alignment, align, type ErrorCounts } from "./align.ts";
import { bootstrapInterval, type Interval, type UtteranceErrors } from "./bootstrap.ts";
import { normalizeForScoring } from "./normalize.ts";

export { type AlignedPair, type Alignment, align, type ErrorCounts } from "./align.ts";
export { normalizeForScoring } from "./normalize.ts";

/** Errors of a test set, summed over its utterances, with the number of tokens they are measured against. */
export interface ErrorTotals extends ErrorCounts {
  /** Words or characters of all references: substitutions + deletions + correct. */
  reference: number;
}

/**
 * Word and character error rates of a test set: all errors over all reference tokens, so long utterances weigh more.
 * Both sides are normalised first. Characters are code points, and the spaces between words count among them: running
 * two words together is an error of one character.
 */
export class ErrorRate {
  readonly words: ErrorTotals = noErrors();
  readonly characters: ErrorTotals = noErrors();
  readonly #perUtterance: UtteranceErrors[] = [];
  readonly #normalise: (text: string) => string;

  /** `normalise` leaves single spaces between words. */
  constructor(normalise = normalizeForScoring) {
    this.#normalise = normalise;
  }

  get utterances(): number {
    return this.#perUtterance.length;
  }

  add(reference: string, hypothesis: string): void {
    const truth = this.#normalise(reference);
    const guess = this.#normalise(hypothesis);
    const words = align(splitWords(truth), splitWords(guess));
    const errors = words.substitutions + words.insertions + words.deletions;
    this.#perUtterance.push({ errors, reference: words.substitutions + words.deletions + words.correct });
    addTo(this.words, words);
    addTo(this.characters, align([...truth], [...guess]));
  }

  /** As a fraction: 0.05 is 5 %. Above 1 where much was invented; Infinity for insertions against no words at all. */
  get wer(): number {
    return rate(this.words);
  }

  /** 95 % of the word error rate, by utterances. Throws RangeError without any reference word. */
  werInterval(seed = 1): Interval {
    return bootstrapInterval(this.#perUtterance, seed);
  }

  /** As a fraction, over characters. */
  get cer(): number {
    return rate(this.characters);
  }
}

function splitWords(text: string): string[] {
  return text === "" ? [] : text.split(" ");
}

function noErrors(): ErrorTotals {
  return { substitutions: 0, insertions: 0, deletions: 0, correct: 0, reference: 0 };
}

function addTo(totals: ErrorTotals, { substitutions, insertions, deletions, correct }: Alignment): void {
  totals.substitutions += substitutions;
  totals.insertions += insertions;
  totals.deletions += deletions;
  totals.correct += correct;
  totals.reference += substitutions + deletions + correct;
}

function rate({ substitutions, insertions, deletions, reference }: ErrorTotals): number {
  const errors = substitutions + insertions + deletions;
  return errors === 0 ? 0 : errors / reference;
}
