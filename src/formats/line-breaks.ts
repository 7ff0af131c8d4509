import { graphemes } from "./graphemes.ts";
import { isVisible } from "./plain-text.ts";
import { beginsRunning, hasSpaceless, separable } from "./scripts.ts";

/** What may not begin a line and stays with what is before it (JIS X 4051, the W3C's CLREQ), and what may not end one. */
const CLOSING =
  /^[、。，．,.:;!?！？：；…‥・％%）)\]｝}〕〉》」』】〙〗”’ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々ๆฯ]/u;
const OPENING = /[（([｛{〔〈《「『【〘〖“‘]$/u;

const words = new Intl.Segmenter("und", { granularity: "word" });

/** Whether no line may end between two neighbours that have no space between them. */
export function clings(before: string, after: string): boolean {
  return CLOSING.test(after) || OPENING.test(before);
}

/**
 * The smallest parts of a text without spaces between which a line may end: characters of Chinese and Japanese with their
 * punctuation, words of Thai, Lao, Khmer and Burmese (by ICU's dictionaries), and everything else in one.
 */
export function breakable(text: string): string[] {
  if (!hasSpaceless(text)) return [text];
  const pieces = Array.from(words.segment(text), ({ segment }) =>
    beginsRunning(segment) ? [segment] : graphemes(segment),
  ).flat();
  const parts: string[] = [];
  let before = "";
  for (const piece of pieces) {
    const last = parts.length - 1;
    const may = separable(before, piece) && !clings(before, piece);
    if (last >= 0 && !(may && isVisible(parts[last]) && isVisible(piece))) parts[last] += piece;
    else parts.push(piece);
    before = piece;
  }
  return parts;
}
