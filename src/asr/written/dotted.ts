import { cardinal } from "./cardinal.ts";
import { digitOf } from "./digits.ts";
import type { Match } from "./match.ts";
import { threeFigures } from "./pair.ts";

const SEPARATORS = new Set(["dot", "point"]);

/** Numbers of three and more parts: "version two point zero point one", "one nine two dot one six eight dot one dot one". */
export function dottedRule(words: readonly string[], at: number): Match | undefined {
  const first = partAt(words, at);
  if (!first) return undefined;
  let [end, text, parts] = [first.end, first.text, 1];
  const separator = words[end] ?? "";
  while (SEPARATORS.has(separator) && words[end] === separator) {
    const part = partAt(words, end + 1);
    if (!part) break;
    [end, text, parts] = [part.end, `${text}.${part.text}`, parts + 1];
  }
  const least = separator === "dot" && words[at - 1] === "version" ? 2 : 3;
  return parts >= least ? { end, text } : undefined;
}

/** "one six eight", "one sixty eight", "sixteen". */
function partAt(words: readonly string[], at: number): Match | undefined {
  let digits = "";
  let end = at;
  for (let digit = digitOf(words[end] ?? ""); digit !== undefined; digit = digitOf(words[++end] ?? ""))
    digits += digit;
  if (digits.length > 1) return { end, text: digits };
  const whole = threeFigures(words, at) ?? cardinal(words, at);
  if (whole && whole.end > end) return { end: whole.end, text: String(whole.value) };
  return digits === "" ? undefined : { end, text: digits };
}
