/** How scripts write words: with spaces between them or without. */

const CHARACTERS = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Bopomofo}々〆ー";
/** Their words have no sign between them but are longer than a character. */
const RUNNING = "\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}";
/** Letters, digits and apostrophes of scripts that do write spaces: a run of them is one word. */
const SPACED = "\\p{Script=Latin}\\p{Script=Cyrillic}\\p{Script=Greek}\\p{Nd}'’";

/** Han ideographs and kana: a character serves as a word. Thai and its neighbours: words are told by a dictionary. */
const SPACELESS_FIRST = new RegExp(`^[${CHARACTERS}${RUNNING}]`, "u");
const RUNNING_FIRST = new RegExp(`^[${RUNNING}]`, "u");
const SPACED_FIRST = new RegExp(`^(?![${RUNNING}])[${SPACED}]`, "u");
const MARK_FIRST = /^\p{M}/u;

const SPACELESS = `[${CHARACTERS}${RUNNING}]\\p{M}*`;
const ANY_SPACELESS = new RegExp(SPACELESS, "u");
const SPACE_BETWEEN_SPACELESS = new RegExp(`(?<=${SPACELESS}) +(?=${SPACELESS})`, "gu");
const FOREIGN = `(?![${RUNNING}])[${SPACED}]`;
const BORDER = new RegExp(`(?<=${SPACELESS})(?=${FOREIGN})|(?<=${FOREIGN}\\p{M}*)(?=${SPACELESS})`, "gu");

export function beginsSpaceless(text: string): boolean {
  return SPACELESS_FIRST.test(text);
}

/** A script without spaces whose words are longer than a character. */
export function beginsRunning(text: string): boolean {
  return RUNNING_FIRST.test(text);
}

export function beginsSpaced(text: string): boolean {
  return SPACED_FIRST.test(text);
}

/** An accent, a vowel sign: part of the character before it. */
export function beginsWithMark(text: string): boolean {
  return MARK_FIRST.test(text);
}

/**
 * Spaces as the scripts write them: none between two characters of scripts without spaces, one between such a character
 * and a word in letters or digits, on either side of it.
 */
export function respace(text: string): string {
  if (!ANY_SPACELESS.test(text)) return text;
  return text.replaceAll(SPACE_BETWEEN_SPACELESS, "").replaceAll(BORDER, " ");
}

const words = new Intl.Segmenter("und", { granularity: "word" });

/** Where a text in a script without spaces has its words' beginnings, by the dictionaries of ICU: places in the string. */
export function wordStarts(text: string): Set<number> {
  return new Set(Array.from(words.segment(text), ({ index }) => index));
}
