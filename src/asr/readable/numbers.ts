import { type Written, writeNumbers } from "../written/write-numbers.ts";

const DIGITS = new Set("zero oh o one two three four five six seven eight nine double triple".split(" "));

/**
 * Numbers of the words as they are written. None goes on behind the end of a sentence ("in nineteen eighty. Four of us"),
 * but a row of nothing but digits, or of nothing but letters, does: those who dictate pause.
 */
export function numbersWithin(words: readonly string[], ends: readonly boolean[]): Written[] {
  const found: Written[] = [];
  for (const match of writeNumbers(words)) {
    const { start, end } = match;
    const cut = ends.slice(start, end - 1).indexOf(true);
    const inside = words.slice(start, end);
    if (cut < 0 || inside.every(isDigit) || inside.every(isLetter)) {
      found.push(match);
      continue;
    }
    const at = start + cut + 1;
    found.push(...shifted(numbersWithin(words.slice(start, at), ends.slice(start, at)), start));
    found.push(...shifted(numbersWithin(words.slice(at), ends.slice(at)), at));
    break;
  }
  return found;
}

function isDigit(word: string): boolean {
  return DIGITS.has(word.toLowerCase());
}

function isLetter(word: string): boolean {
  return word.length === 1;
}

function shifted(found: readonly Written[], by: number): Written[] {
  return found.map(({ start, end, text }) => ({ start: start + by, end: end + by, text }));
}
