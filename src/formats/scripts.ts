/** How scripts write words: with spaces between them or without. The engine writes its texts by the same rules. */

const CHARACTERS = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Bopomofo}々〆ー";
/** Words without a sign between them, but longer than a character. */
const RUNNING = "\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}";
/** Punctuation of full width, which brings its own space. */
const FULL_WIDTH =
  "\\u3000-\\u3004\\u3008-\\u303F\\uFF01-\\uFF0F\\uFF1A-\\uFF20\\uFF3B-\\uFF40\\uFF5B-\\uFF65";

const SPACELESS = new RegExp(`[${CHARACTERS}${RUNNING}]`, "u");
const ENDS_SPACELESS = new RegExp(`[${CHARACTERS}${RUNNING}]\\p{M}*$`, "u");
const BEGINS_SPACELESS = new RegExp(`^[${CHARACTERS}${RUNNING}]`, "u");
const ENDS_FULL_WIDTH = new RegExp(`[${FULL_WIDTH}]$`, "u");
const BEGINS_FULL_WIDTH = new RegExp(`^[${FULL_WIDTH}]`, "u");
const BEGINS_RUNNING = new RegExp(`^[${RUNNING}]`, "u");
/** More than any character with its accents. */
const TAIL = 32;

/** Whether any of the text is in a script without spaces. */
export function hasSpaceless(text: string): boolean {
  return SPACELESS.test(text);
}

/** A script without spaces whose words are longer than a character. */
export function beginsRunning(text: string): boolean {
  return BEGINS_RUNNING.test(text);
}

/** Whether two texts that follow one another are written without a space between them. */
export function joinsWithoutSpace(left: string, right: string): boolean {
  const end = left.slice(-TAIL);
  return fullWidthBetween(end, right) || (ENDS_SPACELESS.test(end) && BEGINS_SPACELESS.test(right));
}

/** Whether one of two neighbours brings room of its own for a line to end, or is in a script where any line may end. */
export function separable(left: string, right: string): boolean {
  const end = left.slice(-TAIL);
  return fullWidthBetween(end, right) || ENDS_SPACELESS.test(end) || BEGINS_SPACELESS.test(right);
}

/** Texts in a row, with spaces between them where their scripts write any. Empty ones are passed over. */
export function joinTexts(texts: readonly string[]): string {
  const parts: string[] = [];
  for (const text of texts) {
    if (text === "") continue;
    const last = parts.at(-1);
    if (last !== undefined && !joinsWithoutSpace(last, text)) parts.push(" ");
    parts.push(text);
  }
  return parts.join("");
}

function fullWidthBetween(left: string, right: string): boolean {
  return ENDS_FULL_WIDTH.test(left) || BEGINS_FULL_WIDTH.test(right);
}
