import { CUE_LIMITS } from "./cue-limits.ts";
import { countGraphemes, graphemes } from "./graphemes.ts";
import { isVisible, plainLine } from "./plain-text.ts";
import type { Transcript, TranscriptSegment } from "./transcript.ts";

/** A word as cues are made of: no white space inside, no wider than a line, times in whole milliseconds. */
export interface CueWord {
  text: string;
  /** In graphemes. */
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
  glued: boolean;
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
    for (const word of stretches(segment).flatMap(cutStretch)) {
      const start = Math.max(word.start, words.at(-1)?.end ?? 0);
      const end = Math.min(Math.max(word.end, start + 1), start + CUE_LIMITS.longest);
      words.push({ ...word, start, end });
    }
  }
  return byChannel;
}

/** The timed words of a segment; without any, its whole text. */
function stretches(segment: TranscriptSegment): Stretch[] {
  const whole = { text: segment.text, glued: false, start: toMs(segment.start), end: toMs(segment.end) };
  if (segment.words.length === 0) return [whole];
  const glued = gluedWords(segment);
  return segment.words.map(({ word, start, end }, index) => ({
    text: word,
    glued: glued[index],
    start: toMs(start),
    end: toMs(end),
  }));
}

/** Which words the text writes without a space before them. */
function gluedWords({ text, words }: TranscriptSegment): boolean[] {
  const space = /\s*/uy;
  let at = 0;
  return words.map(({ word }) => {
    space.lastIndex = at;
    const found = at + space.exec(text)![0].length;
    // Text and words that disagree are no guide to spacing.
    if (word === "" || !text.startsWith(word, found)) return false;
    const glued = found === at && at > 0;
    at = found + word.length;
    return glued;
  });
}

/** Cuts at white space, and inside words wider than a line; time is shared out by graphemes. */
function cutStretch(stretch: Stretch): CueWord[] {
  const parts = plainLine(stretch.text).split(" ").filter(isVisible).flatMap(cutLongWord);
  const total = parts.reduce((sum, part) => sum + part.width, 0);
  const perGrapheme = Math.max(0, stretch.end - stretch.start) / total;
  let before = 0;
  return parts.map((part, index) => {
    const start = stretch.start + Math.round(before * perGrapheme);
    before += part.width;
    const end = stretch.start + Math.round(before * perGrapheme);
    return { ...part, glued: index === 0 ? stretch.glued : part.glued, start, end };
  });
}

function cutLongWord(word: string): Pick<CueWord, "text" | "width" | "glued">[] {
  const width = countGraphemes(word);
  if (width <= CUE_LIMITS.lineWidth) return [{ text: word, width, glued: false }];
  const shapes = graphemes(word);
  const count = Math.ceil(width / CUE_LIMITS.lineWidth);
  return Array.from({ length: count }, (_, index) => {
    const part = shapes.slice(index * CUE_LIMITS.lineWidth, (index + 1) * CUE_LIMITS.lineWidth);
    return { text: part.join(""), width: part.length, glued: index > 0 };
  });
}

function toMs(seconds: number): number {
  const milliseconds = Math.round(seconds * 1000);
  return milliseconds > 0 ? Math.min(milliseconds, LAST_MILLISECOND) : 0;
}
