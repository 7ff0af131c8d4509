/**
 * F1 of marks and capitals, as training/punctuation/scores.py has them: ! and ; count as full stops, : and — as commas;
 * `together` is over the three (micro); a capital is a word with any upper-case letter.
 */
import type { Mark } from "../../src/asr/punctuation/labels.ts";

export const SCORED = ["comma", "stop", "question", "together", "capitals"] as const;
export type Scored = (typeof SCORED)[number];

const COUNTS_AS: Readonly<Record<Mark, "comma" | "stop" | "question" | null>> = {
  "": null,
  ",": "comma",
  ":": "comma",
  "—": "comma",
  ".": "stop",
  "!": "stop",
  ";": "stop",
  "?": "question",
};

/** Of one word, in a text or written by the engine. */
export interface Marked {
  mark: Mark;
  /** Null where nobody can tell: of a wrong word. */
  capital: boolean | null;
}

class Counts {
  right = 0;
  found = 0;
  expected = 0;

  add(expected: boolean, found: boolean): void {
    this.right += Number(expected && found);
    this.found += Number(found);
    this.expected += Number(expected);
  }

  get f1(): number {
    return (2 * this.right) / Math.max(this.found + this.expected, 1);
  }
}

export class Scores {
  words = 0;
  readonly #counts = Object.fromEntries(SCORED.map((name) => [name, new Counts()])) as Record<Scored, Counts>;

  add(expected: Marked, found: Marked): void {
    this.words += 1;
    const [wanted, got] = [COUNTS_AS[expected.mark], COUNTS_AS[found.mark]];
    for (const name of ["comma", "stop", "question"] as const) {
      this.#counts[name].add(wanted === name, got === name);
      this.#counts.together.add(wanted === name, got === name);
    }
    if (expected.capital !== null) this.#counts.capitals.add(expected.capital, found.capital === true);
  }

  f1(name: Scored): number {
    return this.#counts[name].f1;
  }
}
