import { digitOf } from "./digits.ts";
import type { Match } from "./match.ts";

/** Letters that are words too, or sounds. Two letters with one of them are left alone. */
const WORDS = new Set(["a", "i", "o"]);

/** Letters said one by one, with digits among them: "a b c", "u s", "b seven four two x". */
export function spelledRule(words: readonly string[], at: number): Match | undefined {
  let end = at;
  let text = "";
  let letters = 0;
  while (end < words.length) {
    const word = words[end] ?? "";
    const digit = word === "o" || word === "oh" ? undefined : digitOf(word);
    if (/^[a-z]$/.test(word)) letters += 1;
    else if (digit === undefined) break;
    text += digit ?? word.toUpperCase();
    end += 1;
  }
  const said = words.slice(at, end);
  if (letters === 0 || said.length < 2) return undefined;
  if (!/^[a-z]$/.test(said[0] ?? "") && letters < 2) return undefined; // "two b or not two b"
  if (said.length < 3 && (letters < 2 || said.some((word) => WORDS.has(word)))) return undefined;
  // "a b or two": an article and a letter; "plan b i think".
  if (letters < 2 || said.every((word) => WORDS.has(word)))
    return letters === 1 && said.length >= 3 && !WORDS.has(said[0] ?? "") ? { end, text } : undefined;
  return { end, text };
}
