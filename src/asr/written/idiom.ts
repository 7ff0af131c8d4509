import { isNumberWord, isOnlyLetter } from "./context.ts";
import type { Match } from "./match.ts";

const OF_YEAR = /^(?:in|for|the|of|by|since|our|this|last|next|from|until|during|and|to)$/;

/** Spoken, as written, and what has to come before or after where the words alone do not tell. */
const SAID: readonly { said: string; text: string; before?: RegExp; after?: RegExp }[] = [
  { said: "twenty four seven", text: "24/7" },
  { said: "nine eleven", text: "9/11", before: /^(?!(?:at|by|until|around|about|from|a)$)/ },
  { said: "twenty twenty", text: "20/20", after: /^(?:vision|hindsight|eyesight)$/ },
  { said: "four oh one k", text: "401(k)" },
  { said: "ten four", text: "10-4", after: /^(?:good|over|roger|copy|that)$/ },
  ...["one", "two", "three", "four"].map((quarter, n) => ({
    said: `q ${quarter}`,
    text: `Q${n + 1}`,
    before: OF_YEAR,
  })),
  { said: "ten eighty p", text: "1080p" },
  { said: "seven twenty p", text: "720p" },
  { said: "five g", text: "5G" },
  { said: "four g", text: "4G" },
  { said: "three d", text: "3D" },
  { said: "two d", text: "2D" },
  ...["s p", "r d", "q a", "p l", "m a"].map((letters) => ({
    said: letters.replace(" ", " and "),
    text: letters.toUpperCase().replace(" ", "&"),
  })),
  { said: "a t and t", text: "AT&T" },
  { said: "c plus plus", text: "C++" },
  { said: "e mail", text: "email" },
  { said: "e mails", text: "emails" },
  { said: "x ray", text: "X-ray" },
  { said: "x rays", text: "X-rays" },
  { said: "t shirt", text: "T-shirt" },
  { said: "t shirts", text: "T-shirts" },
  { said: "u turn", text: "U-turn" },
  { said: "wi fi", text: "Wi-Fi" },
];

const IDIOMS = SAID.map(({ said, ...idiom }) => ({ ...idiom, parts: said.split(" ") }));

/** What has a written form of its own. */
export function idiomRule(words: readonly string[], at: number): Match | undefined {
  for (const { parts, text, before, after } of IDIOMS) {
    const end = at + parts.length;
    if (!parts.every((part, n) => words[at + n] === part)) continue;
    // Letters before and after belong together with these, as in "i s p and l".
    if (parts[0].length === 1 && (isOnlyLetter(words[at - 1]) || isOnlyLetter(words[end]))) continue;
    if (isNumberWord(parts[0]) && (isNumberWord(words[at - 1]) || isNumberWord(words[end]))) continue;
    if (before && !before.test(words[at - 1] ?? "")) continue;
    if (after && !after.test(words[end] ?? "")) continue;
    return { end, text };
  }
  return undefined;
}
