/** Hotwords as people write them → the context graph the beam understands, in the vocabulary's own spelling. */
import { EngineError } from "../errors.ts";
import type { Vocabulary } from "../words/vocabulary.ts";
import { ContextGraph, type ContextPhrase } from "./context-graph.ts";
import { makeTokenizer } from "./tokenizer.ts";

/** A word or phrase to expect. */
export interface Hotword {
  phrase: string;
  /** Added to the search's log score for each of its tokens, above 0 and at most 10. */
  boost?: number;
}

export interface HotwordWarning {
  /** As it was given. */
  phrase: string;
  message: string;
}

export interface CompiledHotwords {
  /** What `hotwordGraph` is built from; plain data, for handing to another thread. */
  phrases: ContextPhrase[];
  /** Phrases that were left out, each with its reason. */
  warnings: HotwordWarning[];
}

/**
 * Tuned on the bundled pack (bench/NOTES.md): lists of expected words lower the error rate from 0.5 to 2, and above 2 words
 * that nobody said begin to appear.
 */
export const DEFAULT_BOOST = 1;
const LARGEST_BOOST = 10;
const MOST_PHRASES = 1000;
const LONGEST_PHRASE = 100;

export function compileHotwords(hotwords: readonly Hotword[], vocabulary: Vocabulary): CompiledHotwords {
  checkLimits(hotwords);
  const tokenize = makeTokenizer(vocabulary);
  const phrases: ContextPhrase[] = [];
  const warnings: HotwordWarning[] = [];
  for (const { phrase, boost = DEFAULT_BOOST } of hotwords) {
    const { tokens, missing } = tokenize(phrase);
    if (missing !== undefined) {
      const message = `The hotword "${phrase}" was left out: the model cannot spell "${missing}".`;
      warnings.push({ phrase, message });
    } else if (tokens.length === 0) {
      warnings.push({ phrase, message: "An empty hotword was left out." });
    } else {
      phrases.push({ tokens, boost });
    }
  }
  return { phrases, warnings };
}

/** The token after which alone a phrase may begin; undefined where there is none. */
export function hotwordAnchor(vocabulary: Vocabulary): number | undefined {
  return vocabulary.kind === "char" ? vocabulary.tokenOf(vocabulary.space) : undefined;
}

/** The graph of compiled phrases; null when there are none: the beam then needs no graph. */
export function hotwordGraph(
  phrases: readonly ContextPhrase[],
  anchor: number | undefined,
): ContextGraph | null {
  return phrases.length === 0 ? null : ContextGraph.build(phrases, anchor === undefined ? {} : { anchor });
}

function checkLimits(hotwords: readonly Hotword[]): void {
  const refuse = (message: string) => {
    throw new EngineError("invalid_option", message);
  };
  if (hotwords.length > MOST_PHRASES) {
    refuse(`${hotwords.length} hotwords are too many: at most ${MOST_PHRASES} can be used.`);
  }
  for (const { phrase, boost = DEFAULT_BOOST } of hotwords) {
    if (phrase.length > LONGEST_PHRASE) {
      refuse(`The hotword "${phrase.slice(0, 20)}…" is longer than ${LONGEST_PHRASE} characters.`);
    }
    if (!(boost > 0 && boost <= LARGEST_BOOST)) {
      refuse(`The boost of "${phrase}" is ${boost}; it must be above 0 and at most ${LARGEST_BOOST}.`);
    }
  }
}
