const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" });

/** What a reader sees as one character each: letters with their accents, flags, families. */
export function graphemes(text: string): string[] {
  return isAscii(text) ? [...text] : Array.from(segmenter.segment(text), (part) => part.segment);
}

export function countGraphemes(text: string): number {
  return isAscii(text) ? text.length : graphemes(text).length;
}

/** Nearly all words are, and the segmenter costs a hundred times more. Only printable: CR LF would be one grapheme. */
function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text);
}
