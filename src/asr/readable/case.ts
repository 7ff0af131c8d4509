import { LISTED, TITLE, UPPER } from "../punctuation/labels.ts";
import { bare } from "../punctuation/speller.ts";
import { capitalised } from "./unit.ts";

const PRONOUN = /^i(?:'(?:m|ll|ve|d|s))?$/;
const ENDING = /'(?:s|re|ve|ll|d|t|m)$/;

/**
 * A word in one of the punctuator's cases; the pronoun I is always a capital. What is listed has its form from `forms`,
 * and where it has none, a capital. Apostrophes around the word stay.
 */
export function writeCase(word: string, label: number, forms: ReadonlyMap<string, string>): string {
  const lower = word.toLowerCase();
  const known = bare(word);
  if (PRONOUN.test(known)) return withKnown(lower, known, capitalised(known));
  if (label === LISTED) return withKnown(lower, known, forms.get(known) ?? capitalised(known));
  if (label === TITLE) return withKnown(lower, known, capitalised(known));
  if (label === UPPER) return withKnown(lower, known, upper(known));
  return lower;
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
