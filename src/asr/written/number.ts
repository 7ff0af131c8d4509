import { cardinal, grouped } from "./cardinal.ts";
import type { Match } from "./match.ts";
import { SCALES } from "./number-words.ts";
import { decimal, quantity } from "./quantity.ts";

/** What is numbered by small figures too. */
const NUMBERED = new Set(
  "chapter page room section step gate figure table flight route highway line row item version level lesson unit channel platform track volume apartment suite phase".split(
    " ",
  ),
);

/** Cardinals and decimals on their own. One to nine stay words, as in print, except behind what is numbered. */
export function numberRule(words: readonly string[], at: number): Match | undefined {
  const precise = words[at] === "point" ? undefined : decimal(words, at);
  if (precise) return { end: precise.end, text: precise.text };
  const numbered = NUMBERED.has(words[at - 1] ?? "");
  if (words[at] === "a") return undefined; // "a hundred" is no figure
  const large = quantity(words, at);
  if (large && SCALES.has(large.text.split(" ")[1] ?? "")) return { end: large.end, text: large.text };
  const found = cardinal(words, at);
  if (!found || (found.value < 10 && !numbered)) return undefined;
  return {
    end: found.end,
    text: found.value < 10_000 && numbered ? String(found.value) : grouped(found.value),
  };
}
