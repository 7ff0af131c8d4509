/** Where people who read rest: at the end of a sentence, and less at a comma and its like. */

const SENTENCE_END = /[.!?…。！？]["'”’)»]*$/u;
const CLAUSE_END = /[,;:—–、，；：]["'”’)»]*$/u;
const LOWER_CASE = /^\p{Ll}/u;

/** What ends with `text`, if `next` follows it: an abbreviation's dot, before a small letter, ends nothing. */
export function phraseEnd(text: string, next: string | undefined): "sentence" | "clause" | null {
  if (SENTENCE_END.test(text)) return next !== undefined && LOWER_CASE.test(next) ? null : "sentence";
  return CLAUSE_END.test(text) ? "clause" : null;
}
