import { CUE_LIMITS } from "./cue-limits.ts";
import { columns, columnsOf, graphemes } from "./graphemes.ts";
import { breakable, clings } from "./line-breaks.ts";
import { isVisible, plainLine } from "./plain-text.ts";
import { joinsWithoutSpace } from "./scripts.ts";
import type { Transcript, TranscriptSegment } from "./transcript.ts";
import { writtenWords } from "./written-words.ts";

/**
 * A word as cues are made of: no white space inside unless it is a number, no wider than a line, times in whole
 * milliseconds. In a script without spaces, a character with its punctuation or a word of a dictionary.
 */
export interface CueWord {
  text: string;
  /** In columns. */
  width: number;
  /** Written without a space before it: the next part of a long word, or a script without spaces. */
  glued: boolean;
  start: number;
  /** Greater than `start`, and no more than the longest cue after it. */
  end: number;
}

/** A text and the time it takes, before it is cut into words. */
interface Stretch {
  text: string;
  /** Undefined where nothing but the scripts tells. */
  glued: boolean | undefined;
  /** Stays in one, as a number does: `3.5 million`. */
  whole: boolean;
  start: number;
  end: number;
}

/** A million hours: beyond it a double has no milliseconds left to tell apart. */
const LAST_MILLISECOND = 3.6e12;

/** The words of each channel, in order and without overlap, whatever times the transcript holds. By channel, from 0. */
export function cueWords(transcript: Transcript): Map<number, CueWord[]> {
  const byChannel = new Map<number, CueWord[]>();
  for (const segment of transcript.segments) {
    const channel = segment.channel ?? 0;
    const words = byChannel.get(channel) ?? [];
    byChannel.set(channel, words);
    for (const { glued, ...word } of stretches(segment).flatMap(cutStretch)) {
      const last = words.at(-1);
      const start = Math.max(word.start, last?.end ?? 0);
      const end = Math.min(Math.max(word.end, start + 1), start + CUE_LIMITS.longest);
      const next = {
        ...word,
        glued: glued ?? (last ? joinsWithoutSpace(last.text, word.text) : false),
        start,
        end,
      };
      if (!(last && cling(last, next))) words.push(next);
    }
  }
  return byChannel;
}

/** Adds punctuation to the word that it belongs to, if it fits there. */
function cling(last: CueWord, next: CueWord): boolean {
  if (!next.glued || !clings(last.text, next.text)) return false;
  if (last.width + next.width > CUE_LIMITS.lineWidth) return false;
  if (next.end - last.start > CUE_LIMITS.longest || next.start - last.end >= CUE_LIMITS.silence) return false;
  last.text += next.text;
  last.width = columns(last.text);
  last.end = next.end;
  return true;
}

/** The timed words of a segment as they are written; without any, its whole text. */
function stretches(segment: TranscriptSegment): Stretch[] {
  const [start, end] = [toMs(segment.start), toMs(segment.end)];
  const written = writtenWords(segment.words);
  if (written.length === 0) return [{ text: segment.text, glued: undefined, whole: false, start, end }];
  const glued = gluedWords(segment.text, written);
  const known = segment.words.some(({ display }) => display !== undefined);
  return written.map((word, index) => ({
    text: word.text,
    glued: glued[index],
    whole: known && /\d/.test(word.text) && columns(word.text) <= CUE_LIMITS.lineWidth,
    start: toMs(word.start),
    end: toMs(word.end),
  }));
}

/** Which words the text writes without a space before them; it does not tell of the first. */
function gluedWords(text: string, words: readonly { text: string }[]): (boolean | undefined)[] {
  const space = /\s*/uy;
  let at = 0;
  return words.map(({ text: word }) => {
    space.lastIndex = at;
    const found = at + space.exec(text)![0].length;
    // Text and words that disagree are no guide to spacing.
    if (word === "" || !text.startsWith(word, found)) return undefined;
    const glued = at > 0 ? found === at : undefined;
    at = found + word.length;
    return glued;
  });
}

type Part = Pick<CueWord, "text" | "width"> & Pick<Stretch, "glued">;

/** Cuts where a line may end, and inside words wider than a line; time is shared out by columns. */
function cutStretch(stretch: Stretch): (Part & Pick<Stretch, "start" | "end">)[] {
  const line = plainLine(stretch.text);
  const parts = stretch.whole
    ? [{ text: line, width: columns(line), glued: false }]
    : line.split(" ").filter(isVisible).flatMap(cutWord);
  const total = parts.reduce((sum, part) => sum + part.width, 0);
  const perColumn = Math.max(0, stretch.end - stretch.start) / total;
  let before = 0;
  return parts.map((part, index) => {
    const start = stretch.start + Math.round(before * perColumn);
    before += part.width;
    const end = stretch.start + Math.round(before * perColumn);
    return { ...part, glued: index === 0 ? stretch.glued : part.glued, start, end };
  });
}

function cutWord(word: string): Part[] {
  return breakable(word)
    .flatMap(cutLong)
    .map((text, index) => ({ text, width: columns(text), glued: index > 0 }));
}

function cutLong(text: string): string[] {
  if (columns(text) <= CUE_LIMITS.lineWidth) return [text];
  const lines: string[] = [];
  let width = Number.POSITIVE_INFINITY;
  for (const grapheme of graphemes(text)) {
    width += columnsOf(grapheme);
    if (width <= CUE_LIMITS.lineWidth) {
      lines[lines.length - 1] += grapheme;
    } else {
      lines.push(grapheme);
      width = columnsOf(grapheme);
    }
  }
  return lines;
}

function toMs(seconds: number): number {
  const milliseconds = Math.round(seconds * 1000);
  return milliseconds > 0 ? Math.min(milliseconds, LAST_MILLISECOND) : 0;
}
