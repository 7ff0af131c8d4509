const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" });

/** What a reader sees as one character each: letters with their accents, flags, families. */
export function graphemes(text: string): string[] {
  return isAscii(text) ? [...text] : Array.from(segmenter.segment(text), (part) => part.segment);
}

/**
 * How wide a line is, in columns of a letter: one for each grapheme, two for Chinese, Japanese and Korean characters
 * (Wide and Fullwidth in Unicode's UAX #11, of which emoji are left at one).
 */
export function columns(text: string): number {
  return isAscii(text)
    ? text.length
    : graphemes(text).reduce((sum, grapheme) => sum + columnsOf(grapheme), 0);
}

const WIDE =
  /^(?![\uFF61-\uFFDC])[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Hangul}ー\u3000-\u303E\uFF01-\uFF60\uFFE0-\uFFE6]/u;

/** Of one grapheme. */
export function columnsOf(grapheme: string): number {
  return WIDE.test(grapheme) ? 2 : 1;
}

/** Nearly all words are, and the segmenter costs a hundred times more. Only printable: CR LF would be one grapheme. */
function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text);
}
