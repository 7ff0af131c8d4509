/**
 * Text → tokens of a vocabulary, for hotwords. Characters: one token each, the separator between words. BPE: at each
 * place the longest piece that fits, each word beginning with '▁' (Han, kana, Thai and its neighbours excepted, which are written without).
 * Greedy is not always the cut that training used; where they differ the hotword has less effect, and does no harm.
 */
import { beginsSpaceless } from "../words/script.ts";
import { isSpelling, onlyCase, type Vocabulary } from "../words/vocabulary.ts";

export interface Tokenized {
  tokens: number[];
  /** The first character no token spells; the tokens are then of no use. */
  missing?: string;
}

export function makeTokenizer(vocabulary: Vocabulary): (text: string) => Tokenized {
  const { kind, pieces, space } = vocabulary;
  const spelling = pieces.filter((_, id) => isSpelling(id, vocabulary));
  const inCase = caseOf(vocabulary);
  const curly = spelling.includes("’");
  const longest = spelling.reduce((most, piece) => Math.max(most, [...piece].length), 1);
  return (text) => {
    const normal = inCase(text.normalize("NFC")).replaceAll(space || " ", " ");
    const words = (curly ? normal : normal.replaceAll("’", "'")).split(/\s+/).filter((word) => word !== "");
    return kind === "char"
      ? spell(joinChars(words, vocabulary), 1, vocabulary)
      : bpe(words, longest, vocabulary);
  };
}

/** Vocabularies of one case get their phrases in that case. */
function caseOf(vocabulary: Vocabulary): (text: string) => string {
  const only = onlyCase(vocabulary);
  if (only === null) return (text) => text;
  return only === "upper" ? (text) => text.toUpperCase() : (text) => text.toLowerCase();
}

/** A vocabulary without a separator writes its words one after the other. */
function joinChars(words: readonly string[], { space, tokenOf }: Vocabulary): string {
  return words.join(tokenOf(space) === undefined ? "" : space);
}

function bpe(words: readonly string[], longest: number, vocabulary: Vocabulary): Tokenized {
  const text = words.map((word) => (beginsSpaceless(word) ? word : vocabulary.space + word)).join("");
  return spell(text, longest, vocabulary);
}

function spell(text: string, longest: number, vocabulary: Vocabulary): Tokenized {
  const characters = [...text];
  const tokens: number[] = [];
  for (let at = 0; at < characters.length; ) {
    let length = Math.min(longest, characters.length - at);
    let token: number | undefined;
    for (; length > 0; length--) {
      token = vocabulary.tokenOf(characters.slice(at, at + length).join(""));
      if (token !== undefined && isSpelling(token, vocabulary)) break;
    }
    if (token === undefined || length === 0) {
      // A lone '▁' is missing because of the letter after it: name that.
      const missing = characters[at] === vocabulary.space ? characters[at + 1] : characters[at];
      return { tokens, missing: missing ?? vocabulary.space };
    }
    tokens.push(token);
    at += length;
  }
  return { tokens };
}
