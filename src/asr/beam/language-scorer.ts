/**
 * What a language model adds to a prefix's score for each token t after a history h:
 *   weight · log p(t | h) − priorWeight · log prior(t) + tokenBonus
 * The prior is that of the training texts: the acoustic model has learned it already, and would count it twice
 * (density ratio, arXiv 2002.11268, with single tokens as the model to divide by). The end of an utterance adds nothing: a
 * pause is not the end of a sentence, and a word alone would not be heard for it (bench/NOTES.md).
 */
import type { LanguageModel } from "../language-model/language-model.ts";

export interface LanguageWeights {
  /** Of the language model's log probabilities beside CTC's. */
  weight: number;
  priorWeight: number;
  /** Added for each token, since a language model by itself prefers short texts. */
  tokenBonus: number;
}

export class LanguageScorer {
  /** State before the first token. */
  readonly start: number;
  /** No step with this token is worth more: log probabilities are at most 0. */
  readonly mostOf: Float64Array; // [V]
  /** No step is worth more. */
  readonly maxGain: number;
  /** What the last step adds to the score. */
  gain = 0;
  readonly #model: LanguageModel;
  readonly #weight: number;

  constructor(model: LanguageModel, { weight, priorWeight, tokenBonus }: LanguageWeights) {
    this.start = model.start;
    this.mostOf = Float64Array.from(model.prior, (logProb) => tokenBonus - priorWeight * logProb);
    this.maxGain = this.mostOf.reduce((most, gain) => Math.max(most, gain), 0);
    this.#model = model;
    this.#weight = weight;
  }

  /** The state after one more token. */
  step(state: number, token: number): number {
    const next = this.#model.step(state, token);
    this.gain = this.#weight * this.#model.logProb + this.mostOf[token];
    return next;
  }
}
