/**
 * A text of any length in windows of pieces, as training/punctuation/pack.py joins them: windows overlap by twice the
 * margin, and a word's labels are those of the window whose margins it is outside of; the text's own ends have no margin.
 * Words may come bit by bit: which ones came together changes nothing.
 */
import { CASES, MARKS } from "./labels.ts";

export interface SpelledWord {
  /** At least one. */
  pieces: readonly number[];
  /** As pauses.ts has them. */
  before: number;
  after: number;
}

/** Log-probabilities for each piece; a word's are those of its last one. */
export interface PieceLabels {
  cases: Float32Array; // [n, 4]
  marks: Float32Array; // [n, 8]
}

/** Log-probabilities of one word. */
export interface WordScores {
  cases: Float32Array; // [4]
  marks: Float32Array; // [8]
}

export interface WindowShape {
  /** Pieces. */
  window: number;
  /** Pieces at a window's inner ends that another window labels. */
  margin: number;
}

/** Runs the graph: pieces [n], pauses [n, 2]. */
export type RunWindow = (pieces: BigInt64Array, pauses: Float32Array) => Promise<PieceLabels>;

export class LabelWindows {
  readonly #run: RunWindow;
  readonly #shape: WindowShape;
  /** From the next window's start on. */
  #pieces: number[] = [];
  #pauses: number[] = [];
  /** Last pieces of the words without labels, in #pieces. */
  #ends: number[] = [];

  constructor(run: RunWindow, shape: WindowShape) {
    this.#run = run;
    this.#shape = shape;
  }

  /** Takes words and returns the labels of those, in order, that no later word can change. */
  async push(words: readonly SpelledWord[]): Promise<WordScores[]> {
    for (const { pieces, before, after } of words) {
      for (const piece of pieces) {
        this.#pieces.push(piece);
        this.#pauses.push(before, after);
      }
      this.#ends.push(this.#pieces.length - 1);
    }
    const { window, margin } = this.#shape;
    const done: WordScores[] = [];
    // A window is not the last once there is a piece behind it.
    while (this.#pieces.length > window) {
      done.push(...(await this.#label(window, window - margin)));
      const step = window - 2 * margin;
      this.#pieces.splice(0, step);
      this.#pauses.splice(0, 2 * step);
      this.#ends = this.#ends.map((end) => end - step);
    }
    return done;
  }

  /** The labels of all the rest. */
  finish(): Promise<WordScores[]> {
    return this.#label(this.#pieces.length, this.#pieces.length);
  }

  /** Of the words that end before piece `until`, in a window of so many pieces. */
  async #label(length: number, until: number): Promise<WordScores[]> {
    const count = this.#ends.findIndex((end) => end >= until);
    const ends = this.#ends.splice(0, count < 0 ? this.#ends.length : count);
    if (ends.length === 0) return [];
    const pieces = BigInt64Array.from(this.#pieces.slice(0, length), BigInt);
    const pauses = Float32Array.from(this.#pauses.slice(0, 2 * length));
    const { cases, marks } = await this.#run(pieces, pauses);
    return ends.map((end) => ({
      cases: cases.slice(end * CASES, (end + 1) * CASES),
      marks: marks.slice(end * MARKS.length, (end + 1) * MARKS.length),
    }));
  }
}
