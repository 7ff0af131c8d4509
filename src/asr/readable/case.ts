import { LISTED, TITLE, UPPER } from "../punctuation/labels.ts";
import { bare } from "../punctuation/speller.ts";
import { capitalised } from "./unit.ts";

const PRONOUN = /^i(?:'(?:m|ll|ve|d|s))?$/;
/** Names that go on with a capital: McKinsey, O'Sullivan's. */
const NAME = /^(mc|o')(?!clock|the)(?=[a-z]{3})/;
const ENDING = /'(?:s|re|ve|ll|d|t|m)$/;

/**
 * A word in one of the punctuator's cases; the pronoun I is always a capital. What is listed has its form from `forms`,
 * and where it has none, a title's. Apostrophes around the word stay.
 */
export function writeCase(word: string, label: number, forms: ReadonlyMap<string, string>): string {
  const lower = word.toLowerCase();
  const known = bare(word);
  if (PRONOUN.test(known)) return withKnown(lower, known, capitalised(known));
  if (label === LISTED) return withKnown(lower, known, forms.get(known) ?? title(known));
  if (label === TITLE) return withKnown(lower, known, title(known));
  if (label === UPPER) return withKnown(lower, known, upper(known));
  return lower;
}

function title(known: string): string {
  const start = NAME.exec(known)?.[0] ?? "";
  return capitalised(start) + capitalised(known.slice(start.length));
}

/** NASA's, not NASA'S. */
function upper(known: string): string {
  const ending = ENDING.exec(known)?.[0] ?? "";
  return known.slice(0, known.length - ending.length).toUpperCase() + ending;
}

function withKnown(lower: string, known: string, written: string): string {
  const straight = lower.replaceAll("’", "'");
  return known === "" ? lower : straight.replace(known, () => written);
}
