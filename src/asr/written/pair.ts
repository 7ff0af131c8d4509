import { belowHundred, cardinal } from "./cardinal.ts";
import { isNumberWord, isStreet, isUncounted, NUMBERED, standTogether } from "./context.ts";
import { asHeard, type Match } from "./match.ts";
import { TENS, UNITS } from "./number-words.ts";

/** Up to here the second number may be inches, or minutes. */
const SMALL_REST = 12;

export interface Figures {
  end: number;
  value: number;
}

/** A number of three figures, its first one read apart: "seven forty seven", "three sixty five", "page two fifty". */
export function threeFigures(words: readonly string[], at: number): Figures | undefined {
  const found = readApart(words, at);
  return found && standTogether(words, at, found.end) ? found : undefined;
}

/** Whatever stands beside it. */
export function readApart(words: readonly string[], at: number): Figures | undefined {
  const hundreds = UNITS.get(words[at] ?? "");
  const rest = hundreds === undefined ? undefined : belowHundred(words, at + 1);
  if (hundreds === undefined || !rest || rest.value < 10) return undefined;
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

/** A house's number read in two pairs: "twelve forty one elm street". */
export function houseNumberRule(words: readonly string[], at: number): Match | undefined {
  const first = belowHundred(words, at);
  const second = first && belowHundred(words, first.end);
  if (!second || first.value < 10 || second.value < 10 || !isStreet(words, second.end)) return undefined;
  return isNumberWord(words[at - 1]) ? undefined : { end: second.end, text: `${first.value}${second.value}` };
}

/** A measured pressure: "one thirty over eighty five". */
export function pressureRule(words: readonly string[], at: number): Match | undefined {
  const upper = readApart(words, at) ?? cardinal(words, at);
  const lower = upper && words[upper.end] === "over" ? cardinal(words, upper.end + 1) : undefined;
  if (
    !upper ||
    !lower ||
    lower.value < 30 ||
    lower.value >= upper.value ||
    upper.value < 80 ||
    upper.value > 299
  )
    return undefined;
  return isUncounted(words[lower.end])
    ? { end: lower.end, text: `${upper.value}/${lower.value}` }
    : undefined;
}
