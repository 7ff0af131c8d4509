import { SAMPLE_RATE } from "./audio/types.ts";
import type { Recognition } from "./engine/engine.ts";
import { encoderFrameSeconds, type ModelPack, wordMargins } from "./pack/load-pack.ts";
import type { Readable } from "./readable/readable-text.ts";
import type { Segment } from "./segments/segmenter.ts";
import { tokensToText } from "./words/vocabulary.ts";
import { buildWords, spansFromPeaks, type Word } from "./words/words.ts";

/** One hypothesis of the n-best. */
export interface Alternative {
  text: string;
  /** Geometric mean probability of its tokens, 0 to 1; null where the model tells no probabilities. */
  confidence: number | null;
}

/** A stretch of speech and its words as they were heard. All times are seconds from the start of the recording. */
export interface HeardSegment {
  start: number;
  end: number;
  text: string;
  /** As an alternative's. */
  confidence: number | null;
  words: Word[];
  /** From 0; only where channels are transcribed separately. */
  channel?: number;
  /** The n-best as heard, the segment's own words first; only where more than one was asked for. */
  alternatives?: Alternative[];
}

/** The same as people read it: `text` and each word's `display`, beside what was heard. */
export type RecognisedSegment = Readable<HeardSegment>;

/** Where a segment came from: all that is kept of it while the engine owns its samples. */
export interface SegmentPlace {
  start: number; // samples
  length: number; // samples
  channel: number | undefined;
}

export function placeOf(segment: Segment, channel: number | undefined): SegmentPlace {
  return { start: segment.start, length: segment.samples.length, channel };
}

/** Tokens and spans → text, words and alternatives in the recording's own time. Null where nothing was said. */
export function toRecognisedSegment(
  recognition: Recognition,
  place: SegmentPlace,
  pack: ModelPack,
  alternatives: number,
): HeardSegment | null {
  const { hypotheses, ranked, spans } = recognition;
  const { vocabulary, manifest } = pack;
  const winner = hypotheses[ranked[0].order];
  const text = tokensToText(winner.tokens, vocabulary);
  if (text === "") return null;
  const start = place.start / SAMPLE_RATE;
  const duration = place.length / SAMPLE_RATE;
  const timed = {
    tokens: winner.tokens,
    spans: spans ?? spansFromPeaks(winner.peaks),
    confidences: ranked[0].tokenConfidences,
  };
  const frameSeconds = encoderFrameSeconds(manifest);
  const words = buildWords(timed, vocabulary, {
    frameSeconds,
    segmentDuration: duration,
    margins: wordMargins(manifest),
  });
  return {
    start,
    end: start + duration,
    text,
    confidence: ranked[0].confidence,
    words: words.map((word) => ({ ...word, start: start + word.start, end: start + word.end })),
    ...(place.channel !== undefined && { channel: place.channel }),
    ...(alternatives > 1 && { alternatives: bestTexts(recognition, pack, alternatives) }),
  };
}

/**
 * The first `count` different texts of the n-best: hypotheses may differ in spaces only. They stand in the order of their
 * whole score, of which confidence is a part: none says that it is surer than one that was found better.
 */
function bestTexts({ hypotheses, ranked }: Recognition, pack: ModelPack, count: number): Alternative[] {
  const seen = new Set<string>();
  const result: Alternative[] = [];
  for (const { order, confidence } of ranked) {
    const text = tokensToText(hypotheses[order].tokens, pack.vocabulary);
    if (seen.has(text)) continue;
    seen.add(text);
    const better = result.at(-1)?.confidence ?? null;
    const capped = better === null || confidence === null ? confidence : Math.min(better, confidence);
    result.push({ text, confidence: capped });
    if (result.length === count) break;
  }
  return result;
}
