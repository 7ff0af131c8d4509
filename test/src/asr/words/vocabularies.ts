/** Small vocabularies of every kind. */
import {
  makeVocabulary,
  type Vocabulary,
  type VocabularyKind,
} from "../../../../src/asr/words/vocabulary.ts";

function vocabularyOf(pieces: readonly string[], kind: VocabularyKind): Vocabulary {
  const end = pieces.length - 1;
  return makeVocabulary({ pieces, kind, space: "▁", blankId: 0, unkId: 1, sosId: end, eosId: end });
}

const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

/** Characters A to Z, ' and ▁. */
export const ENGLISH = vocabularyOf(["<blank>", "<unk>", "'", ...LETTERS, "▁", "<sos/eos>"], "char");

export const BPE = vocabularyOf(
  [..."<blank> <unk> ▁ ▁the ▁new ▁ne w ▁york york y o r k s 中 国 <sos/eos>".split(" ")],
  "bpe",
);

/** No separator: Chinese characters and some letters. */
export const CHINESE = vocabularyOf(
  [..."<blank> <unk> 中 国 人 か \u3099 A P 3 <sos/eos>".split(" ")],
  "char",
);

/** Pieces, with marks where the training texts had spaces between words. */
export const JAPANESE = vocabularyOf(
  [..."<blank> <unk> ▁ ▁東京 ▁タワー ▁に ▁LED が ▁3 つ <sos/eos>".split(" ")],
  "bpe",
);

/** Characters with a separator, and some pieces. */
export const THAI = vocabularyOf(
  [..."<blank> <unk> ▁ ผ ม ใ ช ้ ท ุ ก ว ั น ผมใ ทุก L E D <sos/eos>".split(" ")],
  "char",
);

/** The tokens of pieces, written with spaces between them. */
export function tokensOf(vocabulary: Vocabulary, pieces: string): Int32Array {
  const ids = pieces.split(" ").map((piece) => vocabulary.tokenOf(piece) ?? -1);
  if (ids.includes(-1)) throw new Error(`not in the vocabulary: ${pieces}`);
  return Int32Array.from(ids);
}
