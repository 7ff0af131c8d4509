import type { Recognition, Utterance } from "../../src/asr/engine/engine.ts";
import { decoderFlops, encoderFlops, encoderFrames, total } from "./flops.ts";
import type { Shapes } from "./shapes.ts";

/** What one pass over a recording gave the graphs to do. */
export interface Work {
  utterances: number;
  /** Encoder frames of all, without padding. */
  frames: number;
  hypotheses: number;
  /** Of all hypotheses, eos not counted. */
  tokens: number;
  encoderFlops: number;
  /** As if both decoders scored every hypothesis of the search. */
  decoderFlops: number;
}

/** Adds up the work of the utterances it is told of. */
export class Tally {
  readonly #shapes: Shapes;
  readonly #lengths: number[] = [];
  readonly #pending: Promise<void>[] = [];
  #hypotheses = 0;
  #tokens = 0;
  #decoderFlops = 0;

  constructor(shapes: Shapes) {
    this.#shapes = shapes;
  }

  add(utterance: Utterance, recognition: Promise<Recognition>): void {
    const { length } = utterance.samples;
    this.#lengths.push(length);
    const count = ({ hypotheses }: Recognition) => {
      const tokens = hypotheses.map((hypothesis) => hypothesis.tokens.length);
      this.#hypotheses += tokens.length;
      this.#tokens += tokens.reduce((sum, each) => sum + each, 0);
      this.#decoderFlops += decoderFlops(this.#shapes, length, tokens);
    };
    // Whoever asked for the utterance hears of its failure.
    this.#pending.push(recognition.then(count, () => undefined));
  }

  async work(): Promise<Work> {
    await Promise.all(this.#pending);
    return {
      utterances: this.#lengths.length,
      frames: this.#lengths.reduce((sum, samples) => sum + encoderFrames(samples), 0),
      hypotheses: this.#hypotheses,
      tokens: this.#tokens,
      encoderFlops: total(encoderFlops(this.#shapes, this.#lengths)),
      decoderFlops: this.#decoderFlops,
    };
  }
}
