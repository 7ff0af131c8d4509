import { belowHundred } from "./cardinal.ts";
import type { Match } from "./match.ts";
import { ending, ordinal } from "./ordinal.ts";
import { year } from "./year.ts";

const MONTHS = new Map(
  "January February March April May June July August September October November December"
    .split(" ")
    .map((name) => [name.toLowerCase(), name]),
);
const BEFORE_MAY = new Set([
  "on",
  "of",
  "by",
  "since",
  "until",
  "till",
  "before",
  "after",
  "from",
  "to",
  "last",
  "this",
  "next",
]);

/** "june third", "june twenty ninth nineteen fifty six", "june three twenty twenty", "june twenty twenty"; "the third of june". */
export function dateRule(words: readonly string[], at: number): Match | undefined {
  return monthFirst(words, at) ?? dayFirst(words, at);
}

function monthFirst(words: readonly string[], at: number): Match | undefined {
  const month = MONTHS.get(words[at] ?? "");
  if (month === undefined) return undefined;
  const named = ordinal(words, words[at + 1] === "the" ? at + 2 : at + 1);
  if (named && named.value <= 31) {
    const then = year(words, named.end);
    if (then) return { end: then.end, text: `${month} ${named.value}, ${then.value}` };
    // "I may second that" and "march first, then rest" are no dates.
    if (month === "May" && !BEFORE_MAY.has(words[at - 1] ?? "") && named.value < 3) return undefined;
    if (month === "March" && named.value === 1 && !BEFORE_MAY.has(words[at - 1] ?? "")) return undefined;
    return { end: named.end, text: `${month} ${named.value}` };
  }
  const counted = belowHundred(words, at + 1);
  const after = counted && counted.value <= 31 ? year(words, counted.end) : undefined;
  if (counted && after) return { end: after.end, text: `${month} ${counted.value}, ${after.value}` };
  const alone = year(words, at + 1);
  return alone && { end: alone.end, text: `${month} ${alone.value}` };
}

function dayFirst(words: readonly string[], at: number): Match | undefined {
  const day = ordinal(words, at);
  const month = day && words[day.end] === "of" ? MONTHS.get(words[day.end + 1] ?? "") : undefined;
  if (!day || month === undefined || day.value > 31) return undefined;
  const text = `${day.value}${ending(day.value)} of ${month}`;
  const then = year(words, day.end + 2);
  return then ? { end: then.end, text: `${text} ${then.value}` } : { end: day.end + 2, text };
}
