import type { Punctuator } from "../punctuation/open-punctuator.ts";
import { LONGEST_PAUSE, pauseFeature, UNKNOWN_PAUSE } from "../punctuation/pauses.ts";
import type { LabelWindows, SpelledWord, WordScores } from "../punctuation/windows.ts";
import type { Word } from "../words/words.ts";
import { CaseMemory } from "./case-memory.ts";
import type { Style } from "./style.ts";
import { joinDisplays, writeSegment } from "./write-segment.ts";

/** A word as it was heard, and as it is written. */
export interface ReadableWord extends Word {
  /** With the marks around it; empty where it is written with the word before. */
  display: string;
  /** Whether a sentence ends with it; never where nobody puts marks. */
  endsSentence: boolean;
}

/** Any stretch of speech with its words. */
export interface Heard {
  text: string;
  words: Word[];
}

export type Readable<Segment extends Heard> = Omit<Segment, "words"> & {
  /** As it was heard. */
  verbatimText: string;
  words: ReadableWord[];
};

/** The labels of a text's words, window by window. */
export interface Labelling {
  punctuator: Punctuator;
  windows: LabelWindows;
}

/**
 * The segments of one channel, in order, on their way to being readable. A sentence goes on over segments, so a segment
 * waits until no later word can change it: for a window's worth of words at most.
 */
export class ReadableText<Segment extends Heard> {
  readonly #style: Style;
  readonly #labelling: Labelling | null;
  readonly #waiting: Segment[] = [];
  readonly #scores: WordScores[] = [];
  /** The last word, until it is known how long the silence after it is. */
  #held: (SpelledWord & { endTime: number }) | undefined;
  readonly #cases = new CaseMemory();
  #begins = true;

  constructor(style: Style, labelling: Labelling | null) {
    this.#style = style;
    this.#labelling = labelling;
  }

  /** Takes the next segment and returns those that are done. */
  async push(segment: Segment): Promise<Readable<Segment>[]> {
    this.#waiting.push(segment);
    if (this.#labelling) {
      const words = segment.words.flatMap((word) => this.#spell(word, this.#labelling!.punctuator));
      this.#scores.push(...(await this.#labelling.windows.push(words)));
    }
    return this.#written(false);
  }

  /** All the rest: nothing follows. */
  async finish(): Promise<Readable<Segment>[]> {
    if (this.#labelling) {
      const held = this.#held ? [{ ...this.#held, after: LONGEST_PAUSE }] : [];
      const { windows } = this.#labelling;
      this.#scores.push(...(await windows.push(held)), ...(await windows.finish()));
    }
    return this.#written(true);
  }

  /** The word before this one, whose silences are known now. */
  #spell(word: Word, { speller }: Punctuator): SpelledWord[] {
    const pause = this.#held ? pauseFeature(word.start - this.#held.endTime) : UNKNOWN_PAUSE;
    const complete = this.#held ? [{ ...this.#held, after: pause }] : [];
    const pieces = speller.spell(word.word);
    this.#held = { pieces, before: pause, after: UNKNOWN_PAUSE, endTime: word.end };
    return complete;
  }

  #written(all: boolean): Readable<Segment>[] {
    const done: Readable<Segment>[] = [];
    while (this.#waiting.length > 0) {
      const [segment] = this.#waiting;
      if (this.#labelling && this.#scores.length < segment.words.length) break;
      this.#waiting.shift();
      done.push(this.#write(segment, all && this.#waiting.length === 0));
    }
    return done;
  }

  #write(segment: Segment, last: boolean): Readable<Segment> {
    const { text, words } = segment;
    const heard = words.map(({ word }) => word);
    const labels = this.#labelling && this.#cases.label(heard, this.#scores.splice(0, words.length));
    const place = { begins: this.#begins || labels === null, last };
    const forms = this.#labelling?.punctuator.forms ?? new Map<string, string>();
    const { displays, ends } = writeSegment(heard, labels, place, this.#style, forms);
    this.#begins = ends.at(-1) ?? this.#begins;
    // Where nothing is written otherwise, the text keeps its own spaces.
    const same = displays.every((display, n) => display === heard[n]);
    return {
      ...segment,
      text: same ? text : joinDisplays(displays),
      verbatimText: text,
      words: words.map((word, n) => ({ ...word, display: displays[n], endsSentence: ends[n] })),
    };
  }
}
