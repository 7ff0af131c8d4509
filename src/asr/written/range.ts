import { belowHundred, cardinal, grouped } from "./cardinal.ts";
import { isNumberWord, isTimeUnit } from "./context.ts";
import { longest, type Match, type Rule } from "./match.ts";
import { moneyRule } from "./money.ts";
import { numberRule } from "./number.ts";
import { quantity } from "./quantity.ts";
import { timeRule } from "./time.ts";
import { measureRule } from "./unit.ts";

const LINKS = new Set(["to", "or", "by"]);
/** Numbers. */
const LONGEST = 4;
const BETWEEN = new Set(["between", "from"]);

/**
 * A number before another one that is in figures is in figures too, in the same currency, and in the same hundreds:
 * "5 to 15", "$5 or $6", "2 to 3%", "300 or 400 people", "9 out of 10", "8 to 5 p.m.".
 */
export function rangeRule(words: readonly string[], at: number): Match | undefined {
  return range(words, at, LONGEST);
}

function range(words: readonly string[], at: number, left: number): Match | undefined {
  if (isNumberWord(words[at - 1]) || words[at] === "point") return undefined;
  const first = firstAt(words, at);
  const next = first && behindLink(words, at, first.end);
  if (!first || next === undefined) return undefined;
  const another: Rule = (heard, from) => (left > 2 ? range(heard, from, left - 1) : undefined);
  const second = longest([timeRule, moneyRule, measureRule, another, numberRule], words, next);
  if (!second || !/^[$€£]?\d/.test(second.text)) return undefined;
  if (/:|m\.$/.test(second.text) && !(first.value <= 12)) return undefined;
  if (first.value === 1 && !mayBeOne(words, at, second.text)) return undefined;
  const sign = /^[$€£]/.exec(second.text)?.[0] ?? "";
  return { end: first.end, text: sign + sameHundreds(words, first, next) };
}

interface First extends Match {
  /** NaN of a decimal or a fraction. */
  value: number;
}

function firstAt(words: readonly string[], at: number): First | undefined {
  if (words[at] === "a" || words[at] === "zero") return undefined;
  const [found, plain] = [quantity(words, at), cardinal(words, at)];
  return found && { ...found, value: plain?.end === found.end ? plain.value : Number.NaN };
}

/** Where the other number begins. */
function behindLink(words: readonly string[], at: number, end: number): number | undefined {
  const link = words[end] ?? "";
  if (LINKS.has(link) || (link === "and" && BETWEEN.has(words[at - 1] ?? ""))) return end + 1;
  if (link === "out" && words[end + 1] === "of") return end + 2;
  if (link !== "in" || end !== at + 1 || words[at] !== "one") return undefined;
  const whole = cardinal(words, end + 1);
  return whole && !isTimeUnit(words[whole.end]) ? end + 1 : undefined;
}

/** "one" is a pronoun more often than a number, but not before an amount of something. */
function mayBeOne(words: readonly string[], at: number, second: string): boolean {
  if (!LINKS.has(words[at + 1] ?? "")) return true;
  return BETWEEN.has(words[at - 1] ?? "") || /[^\d,]/.test(second);
}

/** "three or four hundred" are 300 or 400; "two to three million" keep their million at the end. */
function sameHundreds(words: readonly string[], first: First, next: number): string {
  if (!LINKS.has(words[first.end] ?? "") && words[first.end] !== "and") return first.text;
  const second = countOf(words, next, LONGEST);
  return second && first.value < second.count ? grouped(first.value * second.scale) : first.text;
}

/** What comes before "hundred" and "thousand", and what these are together; 1 where there is neither, or another number after it. */
function countOf(
  words: readonly string[],
  at: number,
  left: number,
): { count: number; scale: number } | undefined {
  const found = belowHundred(words, at);
  if (!found) return undefined;
  if (LINKS.has(words[found.end] ?? "") && left > 2)
    return { count: found.value, scale: countOf(words, found.end + 1, left - 1)?.scale ?? 1 };
  let scale = 1;
  for (let end = found.end; ; end++) {
    const times = { hundred: 100, thousand: 1000 }[words[end] ?? ""];
    if (times === undefined) return { count: found.value, scale };
    scale *= times;
  }
}
