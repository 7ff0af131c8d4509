import type { Hotword } from "../../../src/jobs/transcription.ts";

/** What is longer is a sentence, and would favour words of every day. */
const MOST_WORDS = 4;
const MOST_CHARACTERS = 100;
const SENTENCE = /[.!?:;](\s|$)/;

/**
 * OpenAI's prompt is text for a language model to go on from, which there is none of here. One use of it has a meaning:
 * the list of names and terms to be spelled right, as OpenAI's own guide shows it. Any other text gives none.
 */
export function hotwordsOf(prompt: string, most: number): Hotword[] {
  const terms = prompt
    .replace(/\.\s*$/, "")
    .split(/[,\n]/)
    .map((term) => term.trim())
    .filter((term) => term !== "");
  const isList = terms.every(
    (term) =>
      term.length <= MOST_CHARACTERS && term.split(/\s+/).length <= MOST_WORDS && !SENTENCE.test(term),
  );
  return isList ? [...new Set(terms)].slice(0, most).map((phrase) => ({ phrase })) : [];
}
