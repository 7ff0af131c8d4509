import { CASES, endsSentence, LOWER, MARKS, type WordLabels } from "../punctuation/labels.ts";
import { bare } from "../punctuation/speller.ts";
import type { WordScores } from "../punctuation/windows.ts";

/** Log-odds against lower case beyond this say no more: one sure occurrence must not outweigh all later ones. */
const SURE = 4;
/** Occurrences that a word is thought to have had before it comes, of no weight in what it is. */
const PRIOR = 1;
/** Mean log-odds of the occurrences before at which they move nothing: below it for lower case, above it for a capital. */
const UNDECIDED = -1.5;
/** The most that they move the log-odds. */
const LEAST = -1;
const MOST = 2;

/** A word's occurrences inside sentences. */
interface Seen {
  /** Sum of the probabilities that no sentence begins with it. */
  weight: number;
  /** Sums of its log-odds against lower case, weighed by them. */
  odds: Float64Array; // [4]
}

/**
 * The most probable labels of a text's words, one after the other. A word that the model is unsure of is written as it was
 * before in the same text, so that a name keeps its capital; where a sentence begins every word has one, so occurrences
 * there say nothing. Which words came together changes nothing. The constants were tuned on development documents
 * (bench/NOTES.md, "Names that are written in two ways").
 */
export class CaseMemory {
  readonly #seen = new Map<string, Seen>();
  /** Probability that a sentence begins with the next word. */
  #begins = 1;

  label(words: readonly string[], scores: readonly WordScores[]): WordLabels[] {
    return scores.map(({ cases, marks }, n) => {
      const label = indexOfMost(this.#recalled(bare(words[n]), cases));
      this.#begins = probabilityOfEnd(marks);
      return { case: label, mark: MARKS[indexOfMost(marks)] };
    });
  }

  /** A word's scores with what is known of it; from here on more is. */
  #recalled(word: string, cases: Float32Array): Float32Array {
    const inside = 1 - this.#begins;
    const seen = this.#seen.get(word) ?? { weight: 0, odds: new Float64Array(CASES) };
    const recalled = cases.map((score, label) => {
      if (label === LOWER) return score;
      const moved = (seen.odds[label] - UNDECIDED * seen.weight) / (seen.weight + PRIOR);
      return score + inside * clamp(moved, LEAST, MOST);
    });
    for (const [label, score] of cases.entries()) {
      seen.odds[label] += inside * clamp(score - cases[LOWER], -SURE, SURE);
    }
    seen.weight += inside;
    this.#seen.set(word, seen);
    return recalled;
  }
}

/** Of all marks together, from log-probabilities that were moved by what tuning found. */
function probabilityOfEnd(marks: Float32Array): number {
  let [ends, all] = [0, 0];
  for (const [n, score] of marks.entries()) {
    const probability = Math.exp(score);
    all += probability;
    if (endsSentence(MARKS[n])) ends += probability;
  }
  return ends / all;
}

function indexOfMost(values: Float32Array): number {
  return values.reduce((most, value, n) => (value > values[most] ? n : most), 0);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
