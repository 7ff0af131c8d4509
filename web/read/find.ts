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
  const begins: number[] = [];
  let text = "";
  for (const word of words) {
    if (text !== "" && word !== "") text += " ";
    begins.push(text.length);
    text += word.toLowerCase();
  }
  const wordOf = (place: number) => upperBound(begins.length, (word) => begins[word] <= place) - 1;
  const matches: Match[] = [];
  for (let at = text.indexOf(wanted); at >= 0 && matches.length < MOST; at = text.indexOf(wanted, at + 1))
    matches.push({ first: wordOf(at), last: wordOf(at + wanted.length - 1) });
  return matches;
}
