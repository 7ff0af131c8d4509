import { belowHundred, cardinal } from "./cardinal.ts";
import { isUncounted } from "./context.ts";
import type { Match } from "./match.ts";
import { TEENS, UNITS, ZEROS } from "./number-words.ts";

export interface Year {
  end: number;
  value: number;
}

/** What "fifteen twenty" stands before when it is two numbers. */
const COUNTED = new Set(
  "minutes seconds hours days weeks months years percent dollars people miles times meters feet pounds".split(
    " ",
  ),
);
const BEFORE_YEAR = new Set("in since by until till before after circa".split(" "));
const DECADES = new Map(
  "twenties thirties forties fifties sixties seventies eighties nineties"
    .split(" ")
    .map((word, n) => [word, (n + 2) * 10]),
);

/** "nineteen eighty four", "nineteen oh five", "eighteen hundred", "twenty twenty five", "two thousand and five": 1100 to 2099. */
export function year(words: readonly string[], at: number): Year | undefined {
  return inPairs(words, at) ?? inThousands(words, at);
}

/** The first pair is thirteen to twenty: "eleven thirty" is a time. */
function inPairs(words: readonly string[], at: number): Year | undefined {
  const word = words[at] ?? "";
  const century = word === "twenty" ? 20 : TEENS.get(word);
  if (century === undefined || century < 13) return undefined;
  if (words[at + 1] === "hundred" && century < 20) {
    const rest = belowHundred(words, words[at + 2] === "and" ? at + 3 : at + 2);
    return rest
      ? { end: rest.end, value: century * 100 + rest.value }
      : { end: at + 2, value: century * 100 };
  }
  const zero = ZEROS.has(words[at + 1] ?? "");
  const rest = belowHundred(words, zero ? at + 2 : at + 1);
  if (!rest || rest.value < 10 !== zero) return undefined;
  return { end: rest.end, value: century * 100 + rest.value };
}

/** Whether what stands beside it says that a round number is a year. */
function isDated(words: readonly string[], at: number, end: number): boolean {
  if (words[at - 1] === "year" || isAfterYear(words, at)) return true;
  return BEFORE_YEAR.has(words[at - 1] ?? "") && isUncounted(words[end]);
}

/** Behind another year: "nineteen ninety nine and two thousand". */
function isAfterYear(words: readonly string[], at: number): boolean {
  if (!/^(?:and|to|or)$/.test(words[at - 1] ?? "")) return false;
  return [2, 3, 4, 5].some((length) => at - 1 >= length && year(words, at - 1 - length)?.end === at - 1);
}

/** Two thousand to two thousand ninety nine. */
function inThousands(words: readonly string[], at: number): Year | undefined {
  if (words[at] !== "two" || words[at + 1] !== "thousand") return undefined;
  const found = cardinal(words, at);
  return found && found.value < 2100 ? found : undefined;
}

/** On its own: pairs, "two thousand and one" to "two thousand ninety nine", and decades of a century. */
export function yearRule(words: readonly string[], at: number): Match | undefined {
  const decade = DECADES.get(words[at + 1] ?? "");
  const century = words[at] === "twenty" ? 20 : TEENS.get(words[at] ?? "");
  if (decade !== undefined && century !== undefined && century >= 13) {
    return { end: at + 2, text: `${century * 100 + decade}s` };
  }
  if (words[at + 1] === "hundreds" && century !== undefined && century >= 13)
    return { end: at + 2, text: `${century}00s` };
  if (
    words[at] === "two" &&
    words[at + 1] === "thousands" &&
    /^(?:the|early|mid|late)$/.test(words[at - 1] ?? "")
  )
    return { end: at + 2, text: "2000s" };
  const found = year(words, at);
  if (!found || COUNTED.has(words[found.end] ?? "")) return undefined;
  // "fifteen hundred" of something is an amount, and "two thousand", but for "in nineteen hundred".
  const round = found.value === 2000 || (found.value % 100 === 0 && words[found.end - 1] === "hundred");
  if (round && !isDated(words, at, found.end)) return undefined;
  if (UNITS.has(words[found.end] ?? "")) return undefined; // a row of digits, or of numbers
  return { end: found.end, text: String(found.value) };
}
