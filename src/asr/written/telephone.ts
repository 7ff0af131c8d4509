import { belowHundred } from "./cardinal.ts";
import { digitOf, TIMES, telephone } from "./digits.ts";
import type { Match } from "./match.ts";
import { UNITS } from "./number-words.ts";

const LENGTHS = new Set([7, 10, 11]);
const LONGEST = 11;

/**
 * Telephone numbers of which parts are read as numbers: "one eight hundred five five five one two one two", "five five
 * five twelve twelve". As long as North American ones, and with three digits in a row among them.
 */
export function telephoneRule(words: readonly string[], at: number): Match | undefined {
  let found: Match | undefined;
  let digits = "";
  let row = 0;
  let longestRow = 0;
  for (let end = at; digits.length < LONGEST; ) {
    const part = partAt(words, end);
    if (!part || (digits === "" && part.pair)) break;
    row = part.single ? row + part.text.length : 0;
    longestRow = Math.max(longestRow, row);
    digits += part.text;
    end = part.end;
    if (LENGTHS.has(digits.length) && longestRow >= 3 && end - at < digits.length)
      found = { end, text: telephone(digits) };
  }
  return found && partAt(words, found.end) ? undefined : found;
}

interface Part extends Match {
  /** One digit, or the same one several times. */
  single: boolean;
  /** "forty two". */
  pair: boolean;
}

/** "five", "double five", "eight hundred", "six thousand", "forty two". */
function partAt(words: readonly string[], at: number): Part | undefined {
  const times = TIMES.get(words[at] ?? "");
  const digit = digitOf(words[times ? at + 1 : at] ?? "");
  if (digit !== undefined) {
    const scale = UNITS.has(words[at] ?? "") && { hundred: "00", thousand: "000" }[words[at + 1] ?? ""];
    if (scale) return { end: at + 2, text: digit + scale, single: false, pair: false };
    return { end: at + (times ? 2 : 1), text: digit.repeat(times ?? 1), single: true, pair: false };
  }
  const pair = times ? undefined : belowHundred(words, at);
  return pair && { end: pair.end, text: String(pair.value), single: false, pair: true };
}
