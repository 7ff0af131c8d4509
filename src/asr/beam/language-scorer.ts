/** A language model as the beam asks it: what a token adds to a prefix's score. */
import type { LanguageModel } from "../language-model/language-model.ts";

export interface LanguageWeights {
  /** Of the language model's log probabilities beside CTC's. */
  weight: number;
  /** Added for each token, since a language model by itself prefers short texts. */
  tokenBonus: number;
}

export class LanguageScorer {
  /** State before the first token. */
  readonly start: number;
  /** No single step is worth more than this: log probabilities are at most 0. */
  readonly maxGain: number;
  /** What the last step adds to the score. */
  gain = 0;
  readonly #model: LanguageModel;
  readonly #weights: LanguageWeights;

  constructor(model: LanguageModel, weights: LanguageWeights) {
    this.start = model.start;
    this.maxGain = Math.max(0, weights.tokenBonus);
    this.#model = model;
    this.#weights = weights;
  }

  /** The state after one more token. */
  step(state: number, token: number): number {
    const next = this.#model.step(state, token);
    this.gain = this.#weights.weight * this.#model.logProb + this.#weights.tokenBonus;
    return next;
  }

  /** What the end of the utterance adds; nothing where there is no token, since silence is no sentence. */
  finalise(state: number): number {
    return state === this.start ? 0 : this.#weights.weight * this.#model.end(state);
  }
}
