/** The tokens of a model pack, and how they spell text. */
import { PackError } from "../errors.ts";
import { respace } from "./script.ts";

/** char: a separator token stands between words, if there is one. bpe: a piece that begins a word carries it. */
export type VocabularyKind = "char" | "bpe";

export interface Vocabulary {
  size: number;
  kind: VocabularyKind;
  /** The mark of a word's beginning, '▁'. */
  space: string;
  blankId: number;
  unkId: number;
  sosId: number;
  eosId: number;
  /** In order of their ids. */
  pieces: readonly string[]; // [size]
  tokenOf(piece: string): number | undefined;
}

/** What a vocabulary is made from. */
export type VocabularyFacts = Omit<Vocabulary, "size" | "tokenOf">;

export function makeVocabulary(facts: VocabularyFacts): Vocabulary {
  const { pieces, kind, space, blankId, unkId, sosId, eosId } = facts;
  for (const [name, id] of Object.entries({ blankId, unkId, sosId, eosId })) {
    if (!Number.isInteger(id) || id < 0 || id >= pieces.length) {
      throw new PackError("pack_invalid", `${name} is ${id}, outside the ${pieces.length} tokens.`);
    }
  }
  const tokens = new Map<string, number>();
  for (const [id, piece] of pieces.entries()) if (!tokens.has(piece)) tokens.set(piece, id);
  return {
    ...{ size: pieces.length, kind, space, blankId, unkId, sosId, eosId, pieces },
    tokenOf: (piece) => tokens.get(piece),
  };
}

/** Tokens that stand for no sound: they appear in no text. <unk> is not one of them: something was said there. */
export function isSilent(token: number, { blankId, sosId, eosId }: Vocabulary): boolean {
  return token === blankId || token === sosId || token === eosId;
}

/** Whether a token stands for letters: not <unk> and its like. */
export function isSpelling(token: number, vocabulary: Vocabulary): boolean {
  return token !== vocabulary.unkId && !isSilent(token, vocabulary);
}

/** The case that all words are written in; null where there are two, or none. */
export function onlyCase(vocabulary: Vocabulary): "upper" | "lower" | null {
  const letters = vocabulary.pieces.filter((_, id) => isSpelling(id, vocabulary)).join("");
  const upper = /\p{Lu}/u.test(letters);
  if (upper === /\p{Ll}/u.test(letters)) return null;
  return upper ? "upper" : "lower";
}

/** The text of a token sequence, single spaces between words where their script writes any. <unk> is written as its piece. */
export function tokensToText(tokens: ArrayLike<number>, vocabulary: Vocabulary): string {
  let text = "";
  for (let i = 0; i < tokens.length; i++) {
    if (!isSilent(tokens[i], vocabulary)) text += vocabulary.pieces[tokens[i]] ?? "";
  }
  const { space } = vocabulary;
  return respace((space === "" ? text : text.replaceAll(space, " ")).replace(/ +/g, " ").trim());
}
