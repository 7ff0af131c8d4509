import { cardinal } from "./cardinal.ts";
import { digitOf } from "./digits.ts";
import type { Match } from "./match.ts";
import { threeFigures } from "./pair.ts";

/** A number in figures, without commas: "one six eight", "one sixty eight", "sixteen", "oh". */
export function figuresAt(words: readonly string[], at: number): Match | undefined {
  let [end, digits] = [at, ""];
  for (let digit = digitOf(words[end] ?? ""); digit !== undefined; digit = digitOf(words[++end] ?? ""))
    digits += digit;
  const whole = digits.length > 1 ? undefined : (threeFigures(words, at) ?? cardinal(words, at));
  if (whole) return { end: whole.end, text: String(whole.value) };
  return digits === "" ? undefined : { end, text: digits };
}
