import { belowHundred, cardinal, grouped } from "./cardinal.ts";
import { isRough, isStreet, NUMBERED } from "./context.ts";
import { asHeard, type Match } from "./match.ts";
import { SCALES, TEENS, TENS, ZEROS } from "./number-words.ts";
import { decimal, mixedAlone, quantity } from "./quantity.ts";

/** Cardinals and decimals on their own. One to nine stay words, as in print, except behind what is numbered. */
export function numberRule(words: readonly string[], at: number): Match | undefined {
  const precise = words[at] === "point" ? undefined : decimal(words, at);
  if (precise) return { end: precise.end, text: precise.text };
  const mixed = mixedAlone(words, at);
  if (mixed) return { end: mixed.end, text: mixed.text };
  const numbered = NUMBERED.has(words[at - 1] ?? "");
  if (words[at] === "a") return withArticle(words, at);
  const large = quantity(words, at);
  if (large && SCALES.has(large.text.split(" ")[1] ?? "")) return { end: large.end, text: large.text };
  const found = cardinal(words, at);
  if (!found || (found.value < 10 && !numbered)) return undefined;
  if (found.value < 100 && isRough(words[found.end])) return asHeard(words, at, found.end);
  const acronym = /^[b-hj-z]$/.test(words[at - 1] ?? ""); // ISO 9001
  const plain =
    acronym ||
    (found.value < 10_000 && numbered) ||
    isStreet(words, found.end) ||
    words[found.end] === "hours";
  return { end: found.end, text: plain ? String(found.value) : grouped(found.value) };
}

/** "ten nine eight seven", "seven eight nine ten": counted aloud, down or up. */
export function countRule(words: readonly string[], at: number): Match | undefined {
  const values: number[] = [];
  let end = at;
  for (let next = belowHundred(words, end); next; next = belowHundred(words, end)) {
    const step = next.value - (values.at(-1) ?? next.value);
    if (values.length > 0 && (Math.abs(step) !== 1 || (values.length > 1 && step !== values[1] - values[0])))
      break;
    values.push(next.value);
    end = next.end;
  }
  return values.length > 3 && Math.max(...values) > 9 ? { end, text: values.join(", ") } : undefined;
}

/** "a hundred", "a thousand and one" stay words; "a hundred and fifty" is 150. */
function withArticle(words: readonly string[], at: number): Match | undefined {
  const found = cardinal(words, at);
  if (!found) return undefined;
  const exact = words.slice(at, found.end).some((word) => TEENS.has(word) || TENS.has(word));
  const written = exact && quantity(words, at);
  return written ? { end: written.end, text: written.text } : asHeard(words, at, found.end);
}

/** "oh eight hundred", "zero six thirty hours". */
export function militaryTimeRule(words: readonly string[], at: number): Match | undefined {
  if (!ZEROS.has(words[at] ?? "") || words[at] === "o") return undefined;
  const hour = cardinal(words, at + 1);
  const hundreds = hour && words[hour.end - 1] === "hundred" && hour.end === at + 3 && hour.value < 1000;
  return hundreds ? { end: hour.end, text: `0${hour.value}` } : undefined;
}
