import { EngineError } from "../errors.ts";
import { normalised, type Phrase, PhraseFinder, wordsOf } from "./phrases.ts";
import { type Unit, unitEndsSentence } from "./unit.ts";

/** Custom spelling: wherever `find` is written, whole words in whatever case, `with` is written instead. */
export interface Replacement {
  find: string;
  with: string;
}

const MOST_REPLACEMENTS = 1000;
const LONGEST = 100;

/** Applies replacements, the longest first; none to what another wrote. */
export class Replacer {
  readonly #finder: PhraseFinder;

  /** Throws EngineError invalid_option. */
  constructor(replacements: readonly Replacement[]) {
    checkLimits(replacements);
    const phrases = replacements.map(
      ({ find, with: written }): Phrase => ({
        words: wordsOf(normalised(find)),
        written: wordsOf(written).join(" "), // one line
      }),
    );
    this.#finder = new PhraseFinder(phrases);
  }

  /** A phrase is made of whole units, and no sentence ends inside it; marks inside it go. */
  apply(units: readonly Unit[]): Unit[] {
    const parts = units.flatMap((unit, index) =>
      wordsOf(normalised(unit.text)).map((word, n, all) => ({
        word,
        index,
        first: n === 0,
        last: n === all.length - 1,
      })),
    );
    const written: Unit[] = [];
    let next = 0; // the first unit not written yet
    for (const { start, end, written: text } of this.#finder.find(parts.map(({ word }) => word))) {
      const [from, to] = [parts[start], parts[end - 1]];
      const inside = units.slice(from.index, to.index);
      if (!from.first || !to.last || inside.some(unitEndsSentence)) continue;
      const last = units[to.index];
      written.push(...units.slice(next, from.index), {
        start: units[from.index].start,
        end: last.end,
        text,
        mark: last.mark,
        literal: true,
      });
      next = to.index + 1;
    }
    return [...written, ...units.slice(next)];
  }
}

function checkLimits(replacements: readonly Replacement[]): void {
  const refuse = (message: string) => {
    throw new EngineError("invalid_option", message);
  };
  if (replacements.length > MOST_REPLACEMENTS)
    refuse(`${replacements.length} replacements are too many: at most ${MOST_REPLACEMENTS} can be used.`);
  for (const { find, with: written } of replacements) {
    for (const text of [find, written]) {
      if (text.length > LONGEST)
        refuse(`"${text.slice(0, 20)}…" is longer than ${LONGEST} characters: it cannot be replaced so.`);
    }
    if (find.trim() === "") refuse("A replacement must say what to find.");
    if (written.trim() === "") refuse(`The replacement of "${find}" must not be blank.`);
  }
}
