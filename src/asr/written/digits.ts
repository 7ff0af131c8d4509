import type { Match } from "./match.ts";
import { UNITS, ZEROS } from "./number-words.ts";

export const TIMES = new Map([
  ["double", 2],
  ["triple", 3],
]);
const SHORTEST = 3;

/** Three digits and more said one by one: "nine one seven", "five five five one two one two", "double oh seven"; "plus four four …". */
export function digitsRule(words: readonly string[], at: number): Match | undefined {
  if (words[at] === "plus") {
    const number = digitsRule(words, at + 1);
    return number && /^\d{11,15}$/.test(number.text.replaceAll("-", ""))
      ? { ...number, text: `+${number.text}` }
      : undefined;
  }
  if (words[at] === "o") return undefined; // "o one two": a letter may be meant
  let digits = "";
  let end = at;
  while (end < words.length) {
    const times = TIMES.get(words[end] ?? "");
    const digit = digitOf(words[times ? end + 1 : end] ?? "");
    if (digit === undefined) break;
    digits += digit.repeat(times ?? 1);
    end += times ? 2 : 1;
  }
  if (digits.length < SHORTEST) return undefined;
  return { end, text: telephone(digits) };
}

export function digitOf(word: string): string | undefined {
  return ZEROS.has(word) ? "0" : UNITS.get(word)?.toString();
}

/** North American numbers as they are printed; every other row of digits as it is. */
export function telephone(digits: string): string {
  if (digits.length === 7) return digits.replace(/(...)(....)/, "$1-$2");
  if (digits.length === 10) return digits.replace(/(...)(...)(....)/, "$1-$2-$3");
  if (digits.length === 11 && digits.startsWith("1"))
    return digits.replace(/(.)(...)(...)(....)/, "$1-$2-$3-$4");
  return digits;
}
