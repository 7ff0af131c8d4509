import { graphemes } from "./graphemes.ts";
import { paragraphsOf } from "./paragraphs.ts";
import { fitSequence, fitSpan, roundConfidence, toMilliseconds } from "./rounding.ts";
import { hasSpaceless, joinTexts } from "./scripts.ts";
import type {
  Alternative,
  Transcript,
  TranscriptChannel,
  TranscriptModel,
  TranscriptSegment,
  TranscriptWarning,
  TranscriptWord,
} from "./transcript.ts";

/** What recognition found in a stretch of speech. Times in seconds, confidences as they come: nothing is rounded yet. */
export interface SegmentDraft {
  start: number;
  end: number;
  text: string;
  /** As it was heard; by default as `text`. */
  verbatimText?: string;
  /** Null where the model tells none. */
  confidence: number | null;
  /** From 0. Needed where channels are split, else without effect. */
  channel?: number;
  /** The words of `text`, in its order. */
  words: readonly WordDraft[];
  alternatives?: readonly Alternative[];
}

export interface WordDraft extends TranscriptWord {
  /** Whether a sentence ends with it. */
  endsSentence?: boolean;
}

export interface TranscriptDraft {
  id: string;
  model: TranscriptModel;
  language: string;
  /** `split` where each channel was transcribed on its own. Default `mix`. */
  channels?: "mix" | "split";
  /** False to leave the words and their times out. Default true. */
  wordTimes?: boolean;
  /** In any order. Those without text are left out. */
  segments: readonly SegmentDraft[];
  audio: { sha256: string; duration: number; sampleRate: number; channels: number; codec: string };
  /** Percent of full scale. */
  peaks?: readonly number[];
  /** Milliseconds. */
  timing: { queuedMs: number; decodeMs: number; inferMs: number };
  warnings?: readonly TranscriptWarning[];
}

/** Puts segments in order, joins their texts and rounds every number. Throws RangeError for a time that is NaN or infinite. */
export function buildTranscript(draft: TranscriptDraft): Transcript {
  const split = draft.channels === "split";
  const limit = toMilliseconds(draft.audio.duration, "The duration");
  const duration = limit / 1000;
  const built = draft.segments
    .map((segment, index) => buildSegment(segment, index, limit, split))
    .filter((segment) => segment.text !== "")
    .sort((a, b) => a.start - b.start || (a.channel ?? 0) - (b.channel ?? 0))
    .map((segment, id) => ({ ...segment, id }));
  const paragraphs = paragraphsOf(built);
  const segments = built.map((segment) => finishSegment(segment, draft.wordTimes ?? true));
  const { queuedMs, decodeMs, inferMs } = draft.timing;
  return {
    id: draft.id,
    model: { name: draft.model.name, version: draft.model.version, device: draft.model.device },
    duration,
    language: draft.language,
    text: joinSegments(segments),
    verbatim_text: joinTexts(built.map(({ verbatimText }) => verbatimText)),
    confidence: roundConfidence(meanConfidence(built)),
    ...(split && { channels: channelTexts(segments, draft.audio.channels) }),
    segments,
    ...(paragraphs.length > 0 && { paragraphs }),
    audio: {
      sha256: draft.audio.sha256,
      duration,
      sample_rate: draft.audio.sampleRate,
      channels: draft.audio.channels,
      codec: draft.audio.codec,
      ...(draft.peaks && { peaks: [...draft.peaks] }),
    },
    timing: {
      queued_ms: Math.round(queuedMs),
      decode_ms: Math.round(decodeMs),
      infer_ms: Math.round(inferMs),
      rtf: duration > 0 ? Math.round(((decodeMs + inferMs) / duration) * 10) / 10_000 : 0,
    },
    ...(draft.warnings?.length && { warnings: draft.warnings.map(buildWarning) }),
  };
}

/** A segment with all that is known of it. */
interface BuiltSegment extends TranscriptSegment {
  verbatimText: string;
  words: WordDraft[];
}

function buildSegment(draft: SegmentDraft, index: number, limit: number, split: boolean): BuiltSegment {
  const name = `Segment ${index}`;
  const span = fitSpan(milliseconds(draft, name), Math.max(1, draft.words.length), limit);
  const spans = fitSequence(
    draft.words.map((word) => milliseconds(word, `${name}, word “${word.word}”`)),
    span,
  );
  const text = draft.text.trim() || joinTexts(draft.words.map((word) => word.word.trim()));
  return {
    id: index,
    start: span.start / 1000,
    end: span.end / 1000,
    text,
    verbatimText: draft.verbatimText?.trim() ?? text,
    confidence: roundConfidence(draft.confidence),
    ...(split && { channel: draft.channel ?? 0 }),
    words: draft.words.map(({ word, display, confidence, endsSentence }, i) => ({
      word,
      ...(display !== undefined && { display }),
      ...(endsSentence && { endsSentence }),
      start: spans[i].start / 1000,
      end: spans[i].end / 1000,
      confidence: roundConfidence(confidence),
    })),
    ...(draft.alternatives?.length && { alternatives: draft.alternatives.map(buildAlternative) }),
  };
}

/** What readers get of it. */
function finishSegment({ verbatimText, ...segment }: BuiltSegment, wordTimes: boolean): TranscriptSegment {
  const words = wordTimes ? segment.words.map(({ endsSentence, ...word }) => word) : [];
  return { ...segment, words };
}

function milliseconds(span: { start: number; end: number }, name: string) {
  return {
    start: toMilliseconds(span.start, `${name}: start`),
    end: toMilliseconds(span.end, `${name}: end`),
  };
}

function buildAlternative({ text, confidence }: Alternative): Alternative {
  return { text, confidence: roundConfidence(confidence) };
}

function buildWarning({ code, message, at }: TranscriptWarning): TranscriptWarning {
  return { code, message, at: toMilliseconds(at, `Warning ${code}`) / 1000 };
}

function joinSegments(segments: readonly TranscriptSegment[]): string {
  return joinTexts(segments.map((segment) => segment.text));
}

function channelTexts(segments: readonly TranscriptSegment[], channels: number): TranscriptChannel[] {
  const count = segments.reduce((most, segment) => Math.max(most, (segment.channel ?? 0) + 1), channels);
  return Array.from({ length: count }, (_, channel) => ({
    channel,
    text: joinSegments(segments.filter((segment) => segment.channel === channel)),
  }));
}

/** Weighted by words, so that a hesitant “yes” does not count for as much as a sentence. Null if a segment has none. */
function meanConfidence(segments: readonly TranscriptSegment[]): number | null {
  let words = 0;
  let sum = 0;
  for (const segment of segments) {
    if (segment.confidence === null) return null;
    const weight = segment.words.length || countWords(segment.text);
    words += weight;
    sum += weight * segment.confidence;
  }
  return words === 0 ? 0 : sum / words;
}

/** Every character of a script without spaces counts as one. */
function countWords(text: string): number {
  const parts = text.split(/\s+/u);
  return parts.reduce((sum, part) => sum + (hasSpaceless(part) ? graphemes(part).length : 1), 0);
}
