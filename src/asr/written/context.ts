/** Words beside a number that tell what it is. */

import {
  ORDINAL_TEENS,
  ORDINAL_TENS,
  ORDINAL_UNITS,
  SCALES,
  TEENS,
  TENS,
  UNITS,
  ZEROS,
} from "./number-words.ts";

function set(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/));
}

/** What is numbered by small figures too. */
export const NUMBERED =
  set(`chapter page room section step gate figure table flight route highway line row item version
  level lesson unit channel platform track volume apartment suite phase verse psalm exit bus boeing interstate extension`);

/** In one of these a number of something may be said: "a five dollar note", "two ten minute breaks". */
const COUNTED_ONE =
  set(`dollar euro pound cent cents mile foot inch yard meter metre kilometer kilometre gram ounce ton page
  person man woman piece point degree bit bed room story part way pack gun car`);
const TIME = /^(?:second|minute|hour|day|week|month|year|time)s?$/;
const ROUGH = set("something somethings odd some");

/** Before "one fifty" where that is 150: elsewhere one is often a pronoun ("the old one fifty miles away"). */
const BEFORE_ONE =
  set(`a is was weighs weighed about around over under nearly almost number hit scored paid cost costs
  to than at by until till before after since from of dot`);
/** Words that go on after an amount, and are not counted by it. */
const GOING_ON =
  set(`a an and as at but by each every for from if in is it last next now of off on or per please plus so
  than that the then this to today total was when which while with`);

const STREET = /^(?:street|avenue|road|boulevard|drive|lane)$/;

/** Whether a street's name begins here, of at most two words and "street". */
export function isStreet(words: readonly string[], at: number): boolean {
  const name = words.slice(at, at + 3);
  const end = name.findIndex((word) => STREET.test(word));
  return end > 0 && !name.slice(0, end).some((word) => GOING_ON.has(word));
}

/** A letter that is no word on its own. */
export function isOnlyLetter(word: string | undefined): boolean {
  return word !== undefined && /^[b-hj-z]$/.test(word);
}

export function isNumberWord(word: string | undefined): boolean {
  return (
    word !== undefined &&
    (word === "hundred" || [UNITS, TEENS, TENS, SCALES, ZEROS].some((words) => words.has(word)))
  );
}

export function isTimeUnit(word: string | undefined): boolean {
  return word !== undefined && TIME.test(word);
}

/** Nothing follows, or what cannot be counted. */
export function isUncounted(word: string | undefined): boolean {
  return word === undefined || GOING_ON.has(word);
}

export function isRough(word: string | undefined): boolean {
  return word !== undefined && ROUGH.has(word);
}

/** Whether two numbers in a row, `from` to `end`, may be one: no third beside them, and the second one counts nothing. */
export function standTogether(words: readonly string[], from: number, end: number): boolean {
  const [before, first, next] = [words[from - 1], words[from], words[end]];
  if (isNumberWord(before) || before === "point") return false;
  if (first === "one" && before !== undefined && !BEFORE_ONE.has(before) && !NUMBERED.has(before))
    return false;
  if (next === undefined) return true;
  if (
    isNumberWord(next) ||
    next === "point" ||
    next === "plus" ||
    isTimeUnit(next) ||
    COUNTED_ONE.has(next) ||
    isRough(next)
  )
    return false;
  return ![ORDINAL_UNITS, ORDINAL_TEENS, ORDINAL_TENS].some((ordinals) =>
    ordinals.has(next.replace(/s$/, "")),
  );
}
