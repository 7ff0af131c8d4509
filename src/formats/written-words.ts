import type { TranscriptWord } from "./transcript.ts";

/** Words as they stand in the text, those that are written as one in one. */
export interface WrittenWord {
  text: string;
  /** Of the first. */
  start: number;
  /** Of the last. */
  end: number;
}

/** A word with an empty `display` lends its time to the one before. */
export function writtenWords(words: readonly TranscriptWord[]): WrittenWord[] {
  const written: WrittenWord[] = [];
  for (const { word, display = word, start, end } of words) {
    const last = written.at(-1);
    if (display === "" && word !== "" && last) last.end = Math.max(last.end, end);
    else written.push({ text: display, start, end });
  }
  return written;
}
