import { upperBound } from "./script.ts";

/** Numbers of the first and the last word that a match touches. */
export interface Match {
  first: number;
  last: number;
}

const MOST = 10_000;

/** Where a text stands among words, in whatever case; words are taken as joined by single spaces. */
export function findMatches(words: readonly string[], query: string): Match[] {
  const wanted = query.toLowerCase().replaceAll(/\s+/g, " ").trim();
  if (wanted === "") return [];
  const { text, begins } = joined(words);
  const wordOf = (place: number) => upperBound(begins.length, (word) => begins[word] <= place) - 1;
  const matches: Match[] = [];
  for (let at = text.indexOf(wanted); at >= 0 && matches.length < MOST; at = text.indexOf(wanted, at + 1))
    matches.push({ first: wordOf(at), last: wordOf(at + wanted.length - 1) });
  return matches;
}

interface Joined {
  /** In lower case. */
  text: string;
  /** Where in it each word begins. */
  begins: Uint32Array;
}

const known = new WeakMap<readonly string[], Joined>();

/** Words as one text; kept, since one searches at every letter that is typed. */
export function joined(words: readonly string[]): Joined {
  const before = known.get(words);
  if (before) return before;
  const begins = new Uint32Array(words.length);
  let text = "";
  for (const [index, word] of words.entries()) {
    if (text !== "" && word !== "") text += " ";
    begins[index] = text.length;
    text += word.toLowerCase();
  }
  known.set(words, { text, begins });
  return { text, begins };
}
