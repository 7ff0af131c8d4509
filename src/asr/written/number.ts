import { cardinal, grouped } from "./cardinal.ts";
import { isNumberWord, isOnlyLetter, isRough, isStreet, NUMBERED } from "./context.ts";
import { asHeard, type Match } from "./match.ts";
import { SCALES, TEENS, TENS } from "./number-words.ts";
import { decimal, mixedAlone, quantity, SIGNS } from "./quantity.ts";

/** Cardinals and decimals on their own. One to nine stay words, as in print, except behind what is numbered. */
export function numberRule(words: readonly string[], at: number): Match | undefined {
  if (isSign(words, at)) {
    const positive = numberRule(words, at + 1);
    return positive && { ...positive, text: `-${positive.text}` };
  }
  const precise = words[at] === "point" ? undefined : decimal(words, at);
  if (precise) return { end: precise.end, text: precise.text };
  const mixed = mixedAlone(words, at);
  if (mixed) return { end: mixed.end, text: mixed.text };
  const numbered = NUMBERED.has(words[at - 1] ?? "");
  if (words[at] === "a") return withArticle(words, at);
  const large = quantity(words, at);
  if (large && SCALES.has(large.text.split(" ")[1] ?? "")) return { end: large.end, text: large.text };
  const found = cardinal(words, at);
  if (!found || (found.value < 10 && !numbered && !isOtherSide(words, at))) return undefined;
  if (found.value < 100 && isRough(words[found.end])) return asHeard(words, at, found.end);
  const name = found.value < 10_000 && (numbered || isName(words, at, found.end));
  return { end: found.end, text: name ? String(found.value) : grouped(found.value) };
}

/** "sixteen by nine". */
function isOtherSide(words: readonly string[], at: number): boolean {
  const before = words[at - 2] ?? "";
  return words[at - 1] === "by" && (TEENS.has(before) || TENS.has(before));
}

/** "minus twenty", but not between two numbers. */
function isSign(words: readonly string[], at: number): boolean {
  return (
    SIGNS.has(words[at] ?? "") &&
    !/^(?:or|hour|[a-z])$/.test(words[at - 1] ?? "") &&
    !isNumberWord(words[at - 1])
  );
}

/** Of a norm, a house, a time of day: "ISO 9001", "1600 Pennsylvania Avenue", "1600 hours". */
function isName(words: readonly string[], at: number, end: number): boolean {
  return (
    isOnlyLetter(words[at - 1]) ||
    isStreet(words, end) ||
    (words[end - 1] === "hundred" && words[end] === "hours")
  );
}

/** "a hundred", "a thousand and one" stay words; "a hundred and fifty" is 150. */
function withArticle(words: readonly string[], at: number): Match | undefined {
  const found = cardinal(words, at);
  if (!found) return undefined;
  const exact = words.slice(at, found.end).some((word) => TEENS.has(word) || TENS.has(word));
  const written = exact && quantity(words, at);
  return written ? { end: written.end, text: written.text } : asHeard(words, at, found.end);
}
