import type {
  TranscriptParagraph,
  TranscriptSegment,
  TranscriptSentence,
  TranscriptWord,
} from "./transcript.ts";

/** Seconds of silence after a sentence that end a paragraph. */
const PAUSE_SECONDS = 1.5;
/** Seconds of silence after which nothing goes on, not even a sentence. */
const LONG_PAUSE_SECONDS = 5;
/** Words; a paragraph as long as this ends with the next sentence that a breath follows… */
const MANY_WORDS = 80;
const BREATH_SECONDS = 0.4;
/** …and one as long as this with the next sentence at all. */
const MOST_WORDS = 160;

/** What of a segment is looked at: sentence ends are marked on the words. */
export type ParagraphSegment = Pick<TranscriptSegment, "start" | "channel"> & {
  words: readonly (TranscriptWord & { endsSentence?: boolean })[];
};

interface Sentence extends TranscriptSentence {
  channel: number | undefined;
  /** Words in it. */
  words: number;
}

/**
 * Sentences and paragraphs of the segments, which are in order of time. A paragraph ends with a sentence: where a pause
 * follows, where it has become long, or where another channel speaks next. Empty where no word ends a sentence.
 */
export function paragraphsOf(segments: readonly ParagraphSegment[]): TranscriptParagraph[] {
  if (!segments.some(({ words }) => words.some(({ endsSentence }) => endsSentence))) return [];
  const channels = Map.groupBy(segments, ({ channel }) => channel);
  const sentences = [...channels].flatMap(([channel, own]) => sentencesOf(own, channel));
  sentences.sort((a, b) => a.start - b.start || (a.channel ?? 0) - (b.channel ?? 0));
  const paragraphs: TranscriptParagraph[] = [];
  let words = 0;
  for (const { channel, words: count, ...sentence } of sentences) {
    const last = paragraphs.at(-1);
    if (last && last.channel === channel && !breaksBetween(last, sentence, words)) {
      last.sentences.push(sentence);
      last.end = sentence.end;
      words += count;
    } else {
      const { start, end } = sentence;
      paragraphs.push({ start, end, ...(channel !== undefined && { channel }), sentences: [sentence] });
      words = count;
    }
  }
  return paragraphs;
}

function breaksBetween({ end }: TranscriptParagraph, next: TranscriptSentence, words: number): boolean {
  const pause = next.start - end;
  return pause >= PAUSE_SECONDS || words >= MOST_WORDS || (words >= MANY_WORDS && pause >= BREATH_SECONDS);
}

function sentencesOf(segments: readonly ParagraphSegment[], channel: number | undefined): Sentence[] {
  const sentences: Sentence[] = [];
  let open: Sentence | undefined;
  for (const { word, display = word, start, end, endsSentence } of segments.flatMap(({ words }) => words)) {
    if (open && start - open.end >= LONG_PAUSE_SECONDS) open = undefined;
    if (!open) {
      open = { start, end, text: "", channel, words: 0 };
      sentences.push(open);
    }
    const space = open.text === "" || open.text.endsWith("—") || display === "" ? "" : " ";
    open.text += space + display;
    open.end = end;
    open.words += 1;
    if (endsSentence) open = undefined;
  }
  return sentences;
}
