/**
 * Tokens with their frames → words with their seconds. A word goes from the first frame of its first token to the end
 * of its last token's last frame, and further by the model's lead and tail. Whatever comes in, every word has
 * start < end, words are in order, do not overlap, and lie inside the segment.
 */
import type { TokenSpan } from "./align.ts";
import { type ConfidenceRule, wordConfidence } from "./confidence.ts";
import { groupTokens } from "./group.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Times are in seconds from the beginning of the segment. */
export interface Word {
  word: string;
  start: number;
  end: number;
  /** Null where its tokens have none. */
  confidence: number | null;
}

/** Seconds between a word's sound and the tokens that stand for it. */
export interface WordMargins {
  /** By which a word begins before its first token's first frame. */
  lead: number;
  /** By which it ends after its last token's last frame. */
  tail: number;
}

export interface WordOptions {
  /** Seconds of one encoder frame: subsampling × frame shift, 4 × 10 ms = 0.04. */
  frameSeconds: number;
  /** Seconds of the segment, above 0. */
  segmentDuration: number;
  /** Default DEFAULT_MARGINS. */
  margins?: WordMargins | undefined;
  /** Default "min". */
  confidence?: ConfidenceRule;
}

/**
 * CTC answers once it has heard enough of a sound, so a word's first token comes late. Of a model with characters as
 * units, against the phone times of the synthesiser that spoke them (98 words, four voices), words aligned without a
 * lead began 96 ms late (mean) and ended 10 ms early: ends need no shift. A clipped onset is worse than an early one,
 * but so is eating into the word before. A pack with other units says its own.
 */
export const DEFAULT_MARGINS: WordMargins = { lead: 0.06, tail: 0 };

/** A word is never shorter than this, unless the segment has no room for all its words. */
const SHORTEST_WORD = 0.02;

export interface TimedTokens {
  tokens: ArrayLike<number>; // [n]
  spans: readonly TokenSpan[]; // [n]
  confidences: ArrayLike<number> | null; // [n]
}

export function buildWords(timed: TimedTokens, vocabulary: Vocabulary, options: WordOptions): Word[] {
  const { spans, confidences } = timed;
  const { frameSeconds, segmentDuration, margins = DEFAULT_MARGINS, confidence = "min" } = options;
  if (!(segmentDuration > 0 && Number.isFinite(segmentDuration))) {
    throw new RangeError(`A segment of ${segmentDuration} seconds has no room for words.`);
  }
  const words = groupTokens(timed.tokens, vocabulary).map(({ word, members }): Word => {
    const first = spans[members[0]];
    const last = spans[members[members.length - 1]];
    return {
      word,
      start: (first?.startFrame ?? Number.NaN) * frameSeconds,
      end: (last?.endFrame ?? Number.NaN) * frameSeconds,
      confidence: confidences && wordConfidence(confidences, members, confidence),
    };
  });
  widen(words, margins);
  fitInto(words, segmentDuration);
  return words;
}

/** One-frame spans at the beam's peaks, for when there is no forced alignment. */
export function spansFromPeaks(peaks: Int32Array): TokenSpan[] {
  return Array.from(peaks, (peak) => ({ startFrame: peak, endFrame: peak + 1, peakFrame: peak }));
}

/** Two words whose margins meet share what is between their tokens, in proportion to the margins. */
function widen(words: Word[], { lead, tail }: WordMargins): void {
  for (const [i, word] of words.entries()) {
    const next = words[i + 1];
    const gap = next ? next.start - word.end : Number.POSITIVE_INFINITY;
    const share = gap < lead + tail ? Math.max(gap, 0) / (lead + tail) : 1;
    if (i === 0) word.start -= lead;
    word.end += tail * share;
    if (next) next.start -= lead * share;
  }
}

/** Move the times as little as needed for order and room: each word leaves enough for those that follow. */
function fitInto(words: Word[], duration: number): void {
  const shortest = Math.min(SHORTEST_WORD, duration / words.length);
  let previousEnd = 0;
  for (const [i, word] of words.entries()) {
    const latestEnd = i === words.length - 1 ? duration : duration - (words.length - 1 - i) * shortest;
    const start = Number.isFinite(word.start) ? word.start : previousEnd;
    word.start = Math.max(previousEnd, Math.min(start, latestEnd - shortest));
    const end = Number.isFinite(word.end) ? word.end : word.start;
    word.end = Math.min(latestEnd, Math.max(end, word.start + shortest));
    previousEnd = word.end;
  }
}
