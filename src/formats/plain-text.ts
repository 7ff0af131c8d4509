/**
 * One line of plain text: control characters and line breaks become spaces, runs of white space one space.
 * Lone surrogates, which UTF-8 cannot write, become U+FFFD.
 */
export function plainLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim();
}

/** Whether anything of the text can be seen: not only spaces, joiners and other characters without a shape. */
export function isVisible(text: string): boolean {
  return /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}]/u.test(text);
}
