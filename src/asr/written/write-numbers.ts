/**
 * Numbers as they are written (inverse text normalisation), for English.
 *
 * Rules, not a model: every one of them can be read, and what is not surely a number stays as it was heard. Looked at
 * before: npm's words-to-numbers (cardinals alone, not kept since 2018); PyPI's packages are Python.
 */

import { addressRule } from "./address.ts";
import { ageRule } from "./age.ts";
import { codeRule } from "./code.ts";
import { countRule } from "./count.ts";
import { dateRule } from "./date.ts";
import { digitsRule } from "./digits.ts";
import { dottedRule } from "./dotted.ts";
import { fractionRule } from "./fraction.ts";
import { idiomRule } from "./idiom.ts";
import { longest, type Rule } from "./match.ts";
import { moneyRule } from "./money.ts";
import { numberRule } from "./number.ts";
import { ordinalRule } from "./ordinal.ts";
import { houseNumberRule, pressureRule, sharesRule, threeFiguresRule } from "./pair.ts";
import { rangeRule } from "./range.ts";
import { spelledRule } from "./spelled.ts";
import { telephoneRule } from "./telephone.ts";
import { halfOfDayRule, militaryTimeRule, pastRule, timeRule } from "./time.ts";
import { heightRule, measureRule } from "./unit.ts";
import { yearRule } from "./year.ts";

/** Words `start` to `end` (exclusive) are written as `text`. */
export interface Written {
  start: number;
  end: number;
  text: string;
}

const RULES: readonly Rule[] = [
  addressRule,
  idiomRule,
  dateRule,
  timeRule,
  pastRule,
  halfOfDayRule,
  militaryTimeRule,
  moneyRule,
  measureRule,
  heightRule,
  ageRule,
  fractionRule,
  ordinalRule,
  yearRule,
  countRule,
  telephoneRule,
  dottedRule,
  digitsRule,
  spelledRule,
  codeRule,
  houseNumberRule,
  pressureRule,
  sharesRule,
  threeFiguresRule,
  rangeRule,
  numberRule,
];

/** Stretches of the words, in any case, that are written otherwise than heard; in order, never overlapping. */
export function writeNumbers(words: readonly string[]): Written[] {
  const heard = words.map((word) => word.toLowerCase());
  const found: Written[] = [];
  for (let at = 0; at < heard.length; ) {
    const match = longest(RULES, heard, at);
    // Some rules only say that words are not numbers.
    if (match && match.text !== heard.slice(at, match.end).join(" ")) found.push({ start: at, ...match });
    at = match?.end ?? at + 1;
  }
  return found;
}
