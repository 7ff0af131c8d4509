import { cardinal } from "./cardinal.ts";
import { NUMBERED } from "./context.ts";
import { digitOf } from "./digits.ts";
import type { Match } from "./match.ts";
import { threeFigures } from "./pair.ts";

const LETTER = /^[a-z]$/;
/** The last letter of such a number is rarely a word on its own. */
const LAST = /^[b-hj-z]$/;

/** What is numbered with letters before or behind the figures: "gate c fourteen", "flight u a nine fifty one", "apartment three b". */
export function codeRule(words: readonly string[], at: number): Match | undefined {
  if (!NUMBERED.has(words[at - 1] ?? "")) return undefined;
  let start = at;
  while (LETTER.test(words[start] ?? "")) start++;
  const letters = words.slice(at, start).join("");
  const figures = figuresAt(words, start);
  if (!figures || /^[ai]$|.{4}/.test(letters)) return undefined;
  const last = words[figures.end] ?? "";
  const suffix = letters === "" && LAST.test(last) && !LETTER.test(words[figures.end + 1] ?? "");
  if (letters === "" && !suffix) return undefined;
  const text = `${letters}${figures.text}${suffix ? last : ""}`.toUpperCase();
  return { end: figures.end + (suffix ? 1 : 0), text };
}

function figuresAt(words: readonly string[], at: number): Match | undefined {
  let [end, digits] = [at, ""];
  for (let digit = digitOf(words[end] ?? ""); digit !== undefined; digit = digitOf(words[++end] ?? ""))
    digits += digit;
  if (digits.length > 1) return { end, text: digits };
  const whole = words[at] === "a" ? undefined : (threeFigures(words, at) ?? cardinal(words, at));
  return whole
    ? { end: whole.end, text: String(whole.value) }
    : digits === ""
      ? undefined
      : { end, text: digits };
}
