import { cardinal } from "./cardinal.ts";
import type { Match } from "./match.ts";
import { ORDINAL_TEENS, ORDINAL_TENS, ORDINAL_UNITS } from "./number-words.ts";

export interface Fraction {
  end: number;
  numerator: number;
  denominator: number;
}

const NAMED = new Map([
  ["half", 2],
  ["quarter", 4],
  ["hundredth", 100],
  ["thousandth", 1000],
]);

/** What follows "one third" where it is a fraction, and not "one third party". */
const AFTER_ONE = new Set([
  "of",
  "as",
  "the",
  "more",
  "less",
  "cup",
  "inch",
  "mile",
  "teaspoon",
  "tablespoon",
  "pound",
]);

/** "three quarters", "two thirds", "one half"; "a half" after "and". */
export function fraction(words: readonly string[], at: number): Fraction | undefined {
  const top = words[at] === "a" ? { end: at + 1, value: 1 } : cardinal(words, at);
  if (!top || top.value === 0 || top.value > 99) return undefined;
  const denominator = denominatorOf(words[top.end] ?? "", top.value > 1);
  return denominator && denominator > top.value
    ? { end: top.end + 1, numerator: top.value, denominator }
    : undefined;
}

/** On its own: "a half" and "a third" stay words. */
export function fractionRule(words: readonly string[], at: number): Match | undefined {
  if (words[at] === "a") return undefined;
  const found = fraction(words, at);
  if (!found || !isWhole(words, found)) return undefined;
  return { end: found.end, text: `${found.numerator}/${found.denominator}` };
}

/** Not the beginning of "one third party". */
export function isWhole(words: readonly string[], { end, numerator }: Fraction): boolean {
  const next = words[end];
  return numerator > 1 || next === undefined || AFTER_ONE.has(next);
}

/** Of a plural after a numerator above one; "second" is none. */
function denominatorOf(word: string, plural: boolean): number | undefined {
  if (plural && word === "halves") return 2;
  if (plural && !word.endsWith("s")) return undefined;
  const singular = plural ? word.slice(0, -1) : word;
  if (singular === "first" || singular === "second") return undefined;
  return (
    NAMED.get(singular) ??
    ORDINAL_UNITS.get(singular) ??
    ORDINAL_TEENS.get(singular) ??
    ORDINAL_TENS.get(singular)
  );
}
