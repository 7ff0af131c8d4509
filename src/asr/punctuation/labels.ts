/** What the punctuator says of a word, by the numbers of its graph's outputs. */

export const LOWER = 0;
export const TITLE = 1;
export const UPPER = 2;
/** Any mixture, as punctuator.words.txt has it. */
export const LISTED = 3;
export const CASES = 4;

/** What follows a word. A dash joins two words without spaces. */
export const MARKS = ["", ",", ".", "?", "!", ":", ";", "—"] as const;
export type Mark = (typeof MARKS)[number];

export interface WordLabels {
  case: number;
  mark: Mark;
}

export function endsSentence(mark: Mark): boolean {
  return mark === "." || mark === "?" || mark === "!";
}
