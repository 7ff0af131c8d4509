import { belowHundred } from "./cardinal.ts";
import { isNumberWord, NUMBERED, standTogether } from "./context.ts";
import { asHeard, type Match } from "./match.ts";
import { TENS, UNITS } from "./number-words.ts";

/** Up to here the second number may be inches, or minutes. */
const SMALL_REST = 12;

/** A number of three figures, its first one read apart: "seven forty seven", "three sixty five", "page two fifty". */
export function threeFigures(
  words: readonly string[],
  at: number,
): { end: number; value: number } | undefined {
  const hundreds = UNITS.get(words[at] ?? "");
  const rest = hundreds === undefined ? undefined : belowHundred(words, at + 1);
  if (hundreds === undefined || !rest || rest.value < 10 || !standTogether(words, at, rest.end))
    return undefined;
  return { end: rest.end, value: hundreds * 100 + rest.value };
}

/** On its own; "five ten" and "six eleven" stay words where nothing is numbered by them. */
export function threeFiguresRule(words: readonly string[], at: number): Match | undefined {
  const found = threeFigures(words, at);
  if (!found) return undefined;
  const rest = found.value % 100;
  // "seven fourteen or twenty one years" are three numbers.
  const listed =
    rest < 20 && /^(?:or|and)$/.test(words[found.end] ?? "") && isNumberWord(words[found.end + 1]);
  if (listed) return undefined;
  if (rest <= SMALL_REST && !NUMBERED.has(words[at - 1] ?? "")) return asHeard(words, at, found.end);
  return { end: found.end, text: String(found.value) };
}

/** Shares of a hundred: "fifty fifty", "eighty twenty". */
export function sharesRule(words: readonly string[], at: number): Match | undefined {
  const [first, second] = [
    TENS.get(words[at] ?? ""),
    words[at + 1] === "ten" ? 10 : TENS.get(words[at + 1] ?? ""),
  ];
  if (first === undefined || second === undefined || first + second !== 100) return undefined;
  return standTogether(words, at, at + 2) ? { end: at + 2, text: `${first}/${second}` } : undefined;
}
