import { isOnlyLetter, NUMBERED } from "./context.ts";
import { figuresAt } from "./figures.ts";
import type { Match } from "./match.ts";

const LETTER = /^[a-z]$/;

/** What is numbered with letters before or behind the figures: "gate c fourteen", "flight u a nine fifty one", "apartment three b". */
export function codeRule(words: readonly string[], at: number): Match | undefined {
  if (!NUMBERED.has(words[at - 1] ?? "")) return undefined;
  let start = at;
  while (LETTER.test(words[start] ?? "")) start++;
  const letters = words.slice(at, start).join("");
  const figures = figuresAt(words, start);
  if (!figures || /^[ai]$|.{4}/.test(letters)) return undefined;
  const last = words[figures.end] ?? "";
  const suffix = letters === "" && isOnlyLetter(last) && !LETTER.test(words[figures.end + 1] ?? "");
  if (letters === "" && !suffix) return undefined;
  const text = `${letters}${figures.text}${suffix ? last : ""}`.toUpperCase();
  return { end: figures.end + (suffix ? 1 : 0), text };
}
