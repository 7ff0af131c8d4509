import { endsSentence, LOWER, type Mark, type WordLabels } from "../punctuation/labels.ts";
import { respace } from "../words/script.ts";
import { writeCase } from "./case.ts";
import { numbersWithin } from "./numbers.ts";
import { normalised, wordsOf } from "./phrases.ts";
import type { Style } from "./style.ts";
import { type Unit, unitEndsSentence, writeUnit } from "./unit.ts";

/** What a segment's words are written as. */
export interface WrittenSegment {
  /** One for each word; empty for a word that is written with the one before. */
  displays: string[];
  /** Whether a sentence ends with the word. */
  ends: boolean[];
}

/** What there is to know of a segment's place. */
export interface Place {
  /** A sentence begins with it. */
  begins: boolean;
  /** Nothing is said after it: what has no end yet gets a full stop. */
  last: boolean;
}

const FINAL: ReadonlySet<Mark> = new Set(["", ",", ":", ";", "—"]);

/** `labels` of each word; null where nobody knows any. `forms` as the punctuator has them. */
export function writeSegment(
  words: readonly string[],
  labels: readonly WordLabels[] | null,
  { begins, last }: Place,
  style: Style,
  forms: ReadonlyMap<string, string>,
): WrittenSegment {
  const units = style.replacer.apply(unitsOf(words, labels, style, forms));
  if (labels && last) {
    const final = units[units.length - 1];
    if (final && FINAL.has(final.mark)) units[units.length - 1] = { ...final, mark: "." };
  }
  const displays = words.map(() => "");
  const ends = words.map(() => false);
  let first = begins && (labels !== null || style.capitals);
  for (const unit of units) {
    displays[unit.start] = writeUnit(unit, first);
    first = labels !== null && unitEndsSentence(unit);
    ends[unit.end - 1] = first;
  }
  return { displays, ends };
}

/** Displays in a row. A dash joins what is on both its sides. */
export function joinDisplays(displays: readonly string[]): string {
  let text = "";
  for (const display of displays) {
    if (display === "") continue;
    text += text === "" || text.endsWith("—") ? display : ` ${display}`;
  }
  return respace(text);
}

function unitsOf(
  words: readonly string[],
  labels: readonly WordLabels[] | null,
  style: Style,
  forms: ReadonlyMap<string, string>,
): Unit[] {
  const marks = words.map((_, n): Mark => labels?.[n].mark ?? "");
  const recased = labels !== null || style.capitals;
  const units: Unit[] = [];
  const plainly = (start: number, end: number) => {
    for (let n = start; n < end; n++) {
      const text = recased ? writeCase(words[n], labels?.[n].case ?? LOWER, forms) : words[n];
      units.push({ start: n, end: n + 1, text, mark: marks[n], literal: false });
    }
  };
  const withNumbers = (start: number, end: number) => {
    let at = start;
    const run = words.slice(start, end);
    const found = style.numerals ? numbersWithin(run, marks.slice(start, end).map(endsSentence)) : [];
    for (const number of found) {
      plainly(at, start + number.start);
      at = start + number.end;
      units.push({
        start: start + number.start,
        end: at,
        text: number.text,
        mark: marks[at - 1],
        literal: false,
      });
    }
    plainly(at, end);
  };
  let at = 0;
  for (const { start, end, written } of style.hotwords.find(words.map(normalised))) {
    withNumbers(at, start);
    for (const [n, text] of wordsOf(written).entries()) {
      const mark = start + n === end - 1 ? marks[end - 1] : "";
      units.push({ start: start + n, end: start + n + 1, text, mark, literal: true });
    }
    at = end;
  }
  withNumbers(at, words.length);
  return units;
}
