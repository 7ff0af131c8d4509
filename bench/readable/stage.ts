import { PunctuatorSession } from "../../src/asr/engine/punctuator-session.ts";
import { LOWER, MARKS, type Mark } from "../../src/asr/punctuation/labels.ts";
import { openPunctuator, type Punctuator } from "../../src/asr/punctuation/open-punctuator.ts";
import { UNKNOWN_PAUSE } from "../../src/asr/punctuation/pauses.ts";
import { LabelWindows } from "../../src/asr/punctuation/windows.ts";
import { CaseMemory } from "../../src/asr/readable/case-memory.ts";
import { PhraseFinder } from "../../src/asr/readable/phrases.ts";
import { Replacer } from "../../src/asr/readable/replace.ts";
import { writeSegment } from "../../src/asr/readable/write-segment.ts";
import type { Marked } from "./scores.ts";

/** A line of training/measure/punctuation_texts.py. */
export interface HeldOut {
  kind: string;
  /** No text of people: not in the sum of all. */
  made_up: boolean;
  condition: string;
  words: string[];
  pauses: [number, number][] | null;
  cases: number[];
  marks: number[];
}

const UNTOLD = -100;
/** Numbers stay words, so that each has a label to be compared with. */
const STYLE = {
  punctuate: true,
  capitals: false,
  numerals: false,
  hotwords: new PhraseFinder([]),
  replacer: new Replacer([]),
};

export function expectedOf({ cases, marks }: HeldOut): Marked[] {
  return cases.map((label, n) => ({
    mark: MARKS[marks[n]],
    capital: label === UNTOLD ? null : label !== LOWER,
  }));
}

/** The engine's stage of marks and capitals, without an engine. */
export class Stage {
  /** In the graph. */
  milliseconds = 0;
  readonly #punctuator: Punctuator;
  readonly #session: PunctuatorSession;

  private constructor(punctuator: Punctuator, session: PunctuatorSession) {
    this.#punctuator = punctuator;
    this.#session = session;
  }

  static async open(folder: string): Promise<Stage> {
    const punctuator = await openPunctuator(folder);
    return new Stage(punctuator, await PunctuatorSession.open(punctuator.graph));
  }

  async write({ words, pauses }: HeldOut): Promise<Marked[]> {
    const { shape, speller, forms } = this.#punctuator;
    const windows = new LabelWindows(async (...window) => {
      const started = performance.now();
      const labels = await this.#session.label(...window);
      this.milliseconds += performance.now() - started;
      return labels;
    }, shape);
    const spelled = words.map((word, n) => {
      const [before, after] = pauses?.[n] ?? [UNKNOWN_PAUSE, UNKNOWN_PAUSE];
      return { pieces: speller.spell(word), before, after };
    });
    const scores = [...(await windows.push(spelled)), ...(await windows.finish())];
    const labels = new CaseMemory().label(words, scores);
    const place = { begins: true, last: false };
    return writeSegment(words, labels, place, STYLE, forms).displays.map(readDisplay);
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}

/** Of one word as it is written, in a text or by the engine. */
export function readDisplay(display: string): Marked {
  const last = display.at(-1) ?? "";
  const mark = MARKS.find((one): one is Mark => one === last) ?? "";
  return { mark, capital: /\p{Lu}/u.test(display) };
}
