import { endsSentence, type Mark } from "../punctuation/labels.ts";

/** Words `start` to `end` (exclusive) that are written as one: a word, a number, what a caller wants written so. */
export interface Unit {
  start: number;
  end: number;
  /** Without the mark. */
  text: string;
  mark: Mark;
  /** As a caller wrote it: only what is in lower case throughout gets a capital at a sentence's beginning. */
  literal: boolean;
}

/** With its mark, and a capital where a sentence begins. */
export function writeUnit({ text, mark, literal }: Unit, begins: boolean): string {
  const kept =
    !begins || (literal && text !== text.toLowerCase()) || isAddress(text) || hasInnerCapital(text);
  const written = kept ? text : capitalised(text);
  // "5 p.m." brings its own full stop.
  return mark === "." && written.endsWith(".") ? written : written + mark;
}

export function unitEndsSentence({ mark }: Unit): boolean {
  return endsSentence(mark);
}

/** Its first letter, behind an apostrophe too. */
export function capitalised(text: string): string {
  return text.replace(/^['’]*\p{Ll}/u, (first) => first.toUpperCase());
}

function isAddress(text: string): boolean {
  return /[@_]|\.[a-z]/i.test(text) && !text.includes(" ");
}

/** iPhone, eBay. */
function hasInnerCapital(text: string): boolean {
  return /^\p{Ll}+\p{Lu}/u.test(text);
}
