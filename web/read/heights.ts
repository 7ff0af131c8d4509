import { upperBound } from "./script.ts";

/**
 * Where rows stand that were never drawn: heights are guessed from lengths until they are measured. Pixels throughout.
 */
export class Heights {
  readonly #heights: Float64Array;
  readonly #measured: Uint8Array;
  /** Of row i and, last, of the end. */
  readonly #tops: Float64Array;
  #staleFrom = 0;

  constructor(guesses: readonly number[]) {
    this.#heights = Float64Array.from(guesses);
    this.#measured = new Uint8Array(guesses.length);
    this.#tops = new Float64Array(guesses.length + 1);
  }

  get total(): number {
    return this.top(this.#heights.length);
  }

  top(row: number): number {
    for (let at = this.#staleFrom; at < this.#heights.length; at++)
      this.#tops[at + 1] = this.#tops[at] + this.#heights[at];
    this.#staleFrom = this.#heights.length;
    return this.#tops[row];
  }

  /** Returns by how much the rows after it move. */
  measure(row: number, height: number): number {
    const change = height - this.#heights[row];
    this.#measured[row] = 1;
    if (change === 0) return 0;
    this.#heights[row] = height;
    this.#staleFrom = Math.min(this.#staleFrom, row);
    return change;
  }

  /** The row at a distance from the top. */
  at(distance: number): number {
    this.top(0);
    const rows = this.#heights.length;
    return Math.max(0, upperBound(rows, (row) => this.#tops[row] <= distance) - 1);
  }
}
