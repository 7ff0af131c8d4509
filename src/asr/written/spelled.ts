import { digitOf } from "./digits.ts";
import type { Match } from "./match.ts";
import { ZEROS } from "./number-words.ts";

/** Letters that are words too, or sounds. Two letters with one of them are left alone. */
const WORDS = new Set(["a", "i", "o"]);
const LETTER = /^[a-z]$/;
/** Behind one of these a digit is the beginning of a number. */
const SCALE = /^(?:hundred|thousand|million|billion|point|percent)$/;

/** Letters said one by one, with digits among them: "a b c", "u s", "b seven four two x", "two two one b". */
export function spelledRule(words: readonly string[], at: number): Match | undefined {
  const { end, text, letters } = rowAt(words, at);
  const said = words.slice(at, end);
  if (letters === 0 || said.length < 2) return undefined;
  if (said[0] === "a" && !LETTER.test(said[1] ?? "")) return undefined; // an article
  if (!LETTER.test(said[0] ?? "") && letters < 2) return houseNumber(said, end); // "two b or not two b"
  if (said.length < 3 && (letters < 2 || said.some((word) => WORDS.has(word)))) return undefined;
  // "a b or two": an article and a letter; "plan b i think".
  if (letters < 2 || said.every((word) => WORDS.has(word)))
    return letters === 1 && said.length >= 3 && !WORDS.has(said[0] ?? "") ? { end, text } : undefined;
  return { end, text };
}

function rowAt(words: readonly string[], at: number): { end: number; text: string; letters: number } {
  let [end, text, letters] = [at, "", 0];
  for (; end < words.length; end++) {
    const word = words[end] ?? "";
    if (LETTER.test(word)) letters += 1;
    const zero = ZEROS.has(word) && /\d$/.test(text) && word !== "o";
    const digit = zero ? "0" : ZEROS.has(word) && word !== "zero" ? undefined : digitOf(word);
    if (!LETTER.test(word) && (digit === undefined || SCALE.test(words[end + 1] ?? ""))) break;
    text += LETTER.test(word) ? word.toUpperCase() : digit;
  }
  return { end, text, letters };
}

/** "two two one b": two digits and more, then a letter that is no word. */
function houseNumber(said: readonly string[], end: number): Match | undefined {
  const [last, digits] = [said.at(-1) ?? "", said.slice(0, -1)];
  if (digits.length < 2 || !LETTER.test(last) || WORDS.has(last)) return undefined;
  return { end, text: digits.map(digitOf).join("") + last.toUpperCase() };
}
