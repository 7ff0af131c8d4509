/**
 * Numbers as they are written (inverse text normalisation), for English.
 *
 * Rules, not a model: every one of them can be read, and what is not surely a number stays as it was heard. Looked at
 * before: npm's words-to-numbers (cardinals alone, not kept since 2018); PyPI's packages are Python.
 */

import { addressRule } from "./address.ts";
import { dateRule } from "./date.ts";
import { digitsRule } from "./digits.ts";
import { fractionRule } from "./fraction.ts";
import { longest, type Rule } from "./match.ts";
import { numberRule } from "./number.ts";
import { ordinalRule } from "./ordinal.ts";
import { spelledRule } from "./spelled.ts";
import { timeRule } from "./time.ts";
import { measureRule, moneyRule } from "./unit.ts";
import { yearRule } from "./year.ts";

/** Words `start` to `end` (exclusive) are written as `text`. */
export interface Written {
  start: number;
  end: number;
  text: string;
}

const RULES: readonly Rule[] = [
  addressRule,
  dateRule,
  timeRule,
  moneyRule,
  measureRule,
  fractionRule,
  ordinalRule,
  yearRule,
  digitsRule,
  spelledRule,
  numberRule,
];

/** Stretches of the words, in any case, that are written otherwise than heard; in order, never overlapping. */
export function writeNumbers(words: readonly string[]): Written[] {
  const heard = words.map((word) => word.toLowerCase());
  const found: Written[] = [];
  for (let at = 0; at < heard.length; ) {
    const match = longest(RULES, heard, at);
    if (match) found.push({ start: at, ...match });
    at = match?.end ?? at + 1;
  }
  return found;
}
