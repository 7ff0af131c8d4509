import type { Hotword } from "../beam/hotwords.ts";
import type { ModelPack } from "../pack/load-pack.ts";
import { onlyCase } from "../words/vocabulary.ts";
import { normalised, PhraseFinder, wordsOf } from "./phrases.ts";
import { type Replacement, Replacer } from "./replace.ts";

/** How a transcript is to be written. */
export interface ReadableOptions {
  /** Default true: as people write. False: the words as they were heard, in the model's own letters. */
  formatText?: boolean;
  /** Marks and capitals; default: as `formatText`. */
  punctuate?: boolean;
  /** Numbers in figures; default: as `formatText`. */
  numerals?: boolean;
  /** Custom spelling, applied last, and where nothing else is. */
  replace?: readonly Replacement[];
}

/** What is done to the words of one recording. */
export interface Style {
  /** Labels come from the pack's punctuator. */
  punctuate: boolean;
  /** Without a punctuator: lower case, with a capital where a segment begins. */
  capitals: boolean;
  numerals: boolean;
  hotwords: PhraseFinder;
  replacer: Replacer;
}

/**
 * What of it this pack allows: English alone, from a model that writes all words in one case and so no marks; a
 * punctuator tells the language where the pack itself does not. Throws EngineError invalid_option.
 */
export function styleOf(options: ReadableOptions, hotwords: readonly Hotword[], pack: ModelPack): Style {
  const { formatText = true, punctuate = formatText, numerals = formatText, replace = [] } = options;
  const languages = pack.punctuator?.languages ?? pack.manifest.languages;
  const plain = languages.every(isEnglish) && onlyCase(pack.vocabulary) !== null;
  const phrases = hotwords.flatMap(({ phrase }) => {
    const words = wordsOf(normalised(phrase));
    return punctuate || numerals ? [{ words, written: wordsOf(phrase).join(" ") }] : [];
  });
  return {
    punctuate: plain && punctuate && pack.punctuator !== undefined,
    capitals: plain && punctuate && pack.punctuator === undefined,
    numerals: plain && numerals,
    hotwords: new PhraseFinder(phrases),
    replacer: new Replacer(replace),
  };
}

function isEnglish(language: string): boolean {
  return /^en(?:-|$)/i.test(language);
}
