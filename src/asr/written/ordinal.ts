import { belowHundred, cardinal, grouped } from "./cardinal.ts";
import type { Match } from "./match.ts";
import { ORDINAL_TEENS, ORDINAL_TENS, ORDINAL_UNITS, TENS } from "./number-words.ts";

export interface Ordinal {
  end: number;
  value: number;
}

/** "third", "twelfth", "twenty first", "two hundredth", "one hundred and fifth". */
export function ordinal(words: readonly string[], at: number): Ordinal | undefined {
  const last = lastWord(words, at);
  if (last) return last;
  const start = cardinal(words, at);
  if (!start) return undefined;
  // "hundredth" and "thousandth" multiply, like the words they come from.
  const scale = { hundredth: 100, thousandth: 1000, millionth: 1e6 }[words[start.end] ?? ""];
  if (scale) return { end: start.end + 1, value: start.value * scale };
  if (start.value % 100 !== 0) return undefined;
  const rest = lastWord(words, words[start.end] === "and" ? start.end + 1 : start.end);
  return rest && { end: rest.end, value: start.value + rest.value };
}

/** Below a hundred. */
function lastWord(words: readonly string[], at: number): Ordinal | undefined {
  const word = words[at] ?? "";
  const alone = ORDINAL_UNITS.get(word) ?? ORDINAL_TEENS.get(word) ?? ORDINAL_TENS.get(word);
  if (alone !== undefined) return { end: at + 1, value: alone };
  const tens = TENS.get(word);
  const unit = ORDINAL_UNITS.get(words[at + 1] ?? "");
  return tens !== undefined && unit !== undefined ? { end: at + 2, value: tens + unit } : undefined;
}

/** On its own: "first" to "ninth" stay words, as in print. */
export function ordinalRule(words: readonly string[], at: number): Match | undefined {
  const found = ordinal(words, at);
  if (!found || found.value < 10) return undefined;
  // "twenty second delay" is a delay of twenty seconds.
  if (words[found.end - 1] === "second" && belowHundred(words, at) && DURATIONS.has(words[found.end] ?? ""))
    return undefined;
  return { end: found.end, text: `${grouped(found.value)}${ending(found.value)}` };
}

const DURATIONS = new Set([
  "delay",
  "pause",
  "timer",
  "rule",
  "clip",
  "head",
  "video",
  "countdown",
  "break",
  "lead",
]);

/** 1st, 2nd, 3rd, 11th. */
export function ending(value: number): string {
  const tens = value % 100;
  if (tens >= 11 && tens <= 13) return "th";
  return ["th", "st", "nd", "rd"][value % 10] ?? "th";
}
