import { belowHundred, cardinal } from "./cardinal.ts";
import { isNumberWord, isStreet, NUMBERED, standTogether } from "./context.ts";
import { fractionRule } from "./fraction.ts";
import { asHeard, longest, type Match } from "./match.ts";
import { moneyRule } from "./money.ts";
import { numberRule } from "./number.ts";
import { UNITS, ZEROS } from "./number-words.ts";
import { readApart } from "./pair.ts";
import { measureRule } from "./unit.ts";

const BEFORE = new Set(["at", "by", "until", "till", "around", "about", "before", "after", "since", "from"]);
const NOT_AFTER = new Set(
  "percent dollars people minutes seconds hours days years miles of hundred thousand million".split(" "),
);
/** Minutes by which two numbers are a time even where nothing says so. */
const QUARTERS = new Set([15, 30, 45]);
const PAID = new Set(["cost", "costs", "paid", "pay", "pays", "for"]);

/** "five thirty p m", "seven a m", "at ten fifteen", "five thirty", "five o'clock", "nine oh five am". */
export function timeRule(words: readonly string[], at: number): Match | undefined {
  const hour = belowHundred(words, at);
  // Two words are twenty one to twenty three, which people say with "hours" only.
  if (!hour || hour.end !== at + 1 || hour.value > 12) return undefined;
  if (words[hour.end] === "o'clock") return { end: hour.end + 1, text: `${hour.value} o'clock` };
  const minutes = minutesAt(words, hour.end);
  const half = halfOfDay(words, minutes?.end ?? hour.end);
  const clock = minutes ? `${hour.value}:${String(minutes.value).padStart(2, "0")}` : String(hour.value);
  if (half) return { end: half.end, text: `${clock} ${half.text}` };
  if (!minutes || NOT_AFTER.has(words[minutes.end] ?? "") || isStreet(words, minutes.end)) return undefined;
  if (!standTogether(words, at, minutes.end)) return undefined;
  const before = words[at - 1] ?? "";
  const surely = QUARTERS.has(minutes.value) && !PAID.has(before) && !NUMBERED.has(before);
  return BEFORE.has(before) || surely ? { end: minutes.end, text: clock } : undefined;
}

/** "ten past four", "half past six", "twenty five to nine" stay words: "10 past four" is neither. */
export function pastRule(words: readonly string[], at: number): Match | undefined {
  const five = words[at] === "twenty" && words[at + 1] === "five";
  const link = /^(?:five|ten|twenty|quarter|half)$/.test(words[at] ?? "") ? at + (five ? 2 : 1) : at;
  const hour = words[link + 1] ?? "";
  // "ten to twelve people" are a dozen at most.
  const past = words[link] === "past" && /^(?:ten|eleven|twelve)$/.test(hour);
  const told = past || (/^(?:past|to)$/.test(words[link] ?? "") && UNITS.has(hour));
  return link > at && told && !isAmount(words, link + 1) ? asHeard(words, at, link + 2) : undefined;
}

/** "p m" behind an hour that stays a word: "half past six p.m." */
export function halfOfDayRule(words: readonly string[], at: number): Match | undefined {
  return isNumberWord(words[at - 1]) ? halfOfDay(words, at) : undefined;
}

/** Whether more than an hour is here: "five to nine hundred", "five to eight kilometers", "a quarter to three eighths". */
function isAmount(words: readonly string[], at: number): boolean {
  const found = longest([moneyRule, measureRule, fractionRule, numberRule], words, at);
  return (cardinal(words, at)?.end ?? 0) > at + 1 || (found?.end ?? 0) > at + 1;
}

function minutesAt(words: readonly string[], at: number): { end: number; value: number } | undefined {
  const zero = ZEROS.has(words[at] ?? "");
  const found = belowHundred(words, zero ? at + 1 : at);
  return found && found.value < 60 && found.value < 10 === zero ? found : undefined;
}

function halfOfDay(words: readonly string[], at: number): Match | undefined {
  const [first, second] = [words[at] ?? "", words[at + 1] ?? ""];
  if (/^[ap]\.?m\.?$/.test(first)) return { end: at + 1, text: `${first[0]}.m.` };
  return /^[ap]$/.test(first) && second === "m" ? { end: at + 2, text: `${first}.m.` } : undefined;
}

/** "oh eight hundred", "oh six thirty". */
export function militaryTimeRule(words: readonly string[], at: number): Match | undefined {
  if (!ZEROS.has(words[at] ?? "") || words[at] === "o") return undefined;
  const hour = cardinal(words, at + 1);
  const hundreds = hour && words[hour.end - 1] === "hundred" && hour.end === at + 3 && hour.value < 1000;
  if (hundreds) return { end: hour.end, text: `0${hour.value}` };
  const figures = readApart(words, at + 1);
  return figures && figures.value % 100 < 60 && standTogether(words, at, figures.end)
    ? { end: figures.end, text: `0${figures.value}` }
    : undefined;
}
