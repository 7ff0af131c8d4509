import { CUE_LIMITS } from "./cue-limits.ts";
import type { CueWord } from "./cue-words.ts";
import { phraseEnd } from "./phrase-ends.ts";

/** Columns by which two lines may differ more so that one ends where a phrase does. */
const PHRASE_END = { sentence: CUE_LIMITS.lineWidth, clause: 10 };

/** The words on one line, or on two: of lengths as near to each other as can be, or the upper one a phrase. They must fit. */
export function layOutLines(words: readonly CueWord[]): string[] {
  const whole = lineWidth(words);
  if (whole <= CUE_LIMITS.lineWidth) return [writeLine(words)];
  let best = { at: 0, difference: Number.POSITIVE_INFINITY };
  let first = 0;
  for (let at = 1; at < words.length; at++) {
    first += advance(words, 0, at - 1);
    const second = whole - first - (words[at].glued ? 0 : 1);
    if (Math.max(first, second) > CUE_LIMITS.lineWidth) continue;
    const end = phraseEnd(words[at - 1].text, words[at].text);
    const difference = Math.abs(first - second) - (end ? PHRASE_END[end] : 0);
    // Of two as good, the first stays: its upper line is the shorter, which hides less of the picture.
    if (difference < best.difference) best = { at, difference };
  }
  return [writeLine(words.slice(0, best.at)), writeLine(words.slice(best.at))];
}

/** What word `index` adds to the width of a line that begins with word `first`. */
export function advance(words: readonly CueWord[], first: number, index: number): number {
  const word = words[index];
  return word.width + (index > first && !word.glued ? 1 : 0);
}

function lineWidth(words: readonly CueWord[]): number {
  return words.reduce((sum, _, index) => sum + advance(words, 0, index), 0);
}

function writeLine(words: readonly CueWord[]): string {
  return words.map((word, index) => (index > 0 && !word.glued ? ` ${word.text}` : word.text)).join("");
}
