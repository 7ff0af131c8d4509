import { describe, expect, test } from "vitest";
import {
  compileHotwords,
  DEFAULT_BOOST,
  hotwordAnchor,
  hotwordGraph,
} from "../../../../src/asr/beam/hotwords.ts";
import { EngineError } from "../../../../src/asr/errors.ts";
import { makeVocabulary, type Vocabulary } from "../../../../src/asr/words/vocabulary.ts";
import { BPE, CHINESE, ENGLISH, tokensOf } from "../words/vocabularies.ts";

const spelled = (phrase: string, vocabulary: Vocabulary) => {
  const { phrases, warnings } = compileHotwords([{ phrase }], vocabulary);
  if (phrases.length === 0) return warnings[0].message;
  return phrases[0].tokens.map((token) => vocabulary.pieces[token]).join(" ");
};

describe("hotwords", () => {
  test.each([
    ["  New \t york ", "N E W ▁ Y O R K"],
    ["o’neil", "O ' N E I L"],
    ["▁ANN▁", "A N N"],
  ])("are spelled in the case and the characters of the vocabulary: %j", (phrase, pieces) => {
    expect(spelled(phrase, ENGLISH)).toBe(pieces);
  });

  test.each([
    ["New York", "▁new ▁york"],
    ["the yorks", "▁the ▁york s"],
    ["york", "▁york"],
    ["work", "▁ w o r k"],
    ["中国 york", "中 国 ▁york"],
  ])("are cut into the longest pieces that fit: %j", (phrase, pieces) => {
    expect(spelled(phrase, BPE)).toBe(pieces);
  });

  test("are written without spaces where the vocabulary has none", () => {
    expect(spelled("中 国ap", CHINESE)).toBe("中 国 A P");
  });

  test.each([
    ["R2D2", ENGLISH, "2"],
    ["naïve", ENGLISH, "Ï"],
    ["<unk>", ENGLISH, "<"],
    ["<unk>", BPE, "<"],
    ["zoo", withoutLoneSpace(), "z"],
  ])("are left out with a warning when the model cannot spell them: %j", (phrase, vocabulary, missing) => {
    const { phrases, warnings } = compileHotwords([{ phrase }, { phrase: " " }], vocabulary);
    const graph = hotwordGraph(phrases, hotwordAnchor(vocabulary));
    expect(graph).toBeNull();
    expect(warnings.map((warning) => warning.phrase)).toEqual([phrase, " "]);
    expect(warnings[0].message).toContain(`cannot spell "${missing}"`);
  });

  test("match at the beginning of a word only, with the boost they were given", () => {
    const { phrases } = compileHotwords([{ phrase: "ann" }, { phrase: "bob", boost: 1 }], ENGLISH);
    const graph = hotwordGraph(phrases, hotwordAnchor(ENGLISH));
    const bonus = (pieces: string) => {
      let state = graph?.start ?? -1;
      let sum = 0;
      for (const token of tokensOf(ENGLISH, pieces)) {
        const to = graph?.step(state, token) ?? -1;
        sum += graph?.gain(state, to) ?? Number.NaN;
        state = to;
      }
      return sum + (graph?.finalise(state) ?? Number.NaN);
    };
    expect(bonus("B A N A N N")).toBe(0);
    expect(bonus("A N N ▁ B O B")).toBe(3 * DEFAULT_BOOST + 3);
  });

  test("of a list without any need no graph", () => {
    const compiled = compileHotwords([], ENGLISH);
    const graph = hotwordGraph(compiled.phrases, hotwordAnchor(ENGLISH));
    expect({ graph, ...compiled }).toMatchObject({ graph: null, phrases: [], warnings: [] });
  });

  test.each([
    ["too many", Array.from({ length: 1001 }, () => ({ phrase: "A" }))],
    ["too long a phrase", [{ phrase: "A".repeat(101) }]],
    ["no boost", [{ phrase: "A", boost: 0 }]],
    ["too large a boost", [{ phrase: "A", boost: 10.5 }]],
    ["a boost that is no number", [{ phrase: "A", boost: Number.NaN }]],
  ])("are refused: %s", (_, hotwords) => {
    expect(() => compileHotwords(hotwords, ENGLISH)).toThrow(EngineError);
  });
});

function withoutLoneSpace(): Vocabulary {
  const pieces = BPE.pieces.filter((piece) => piece !== "▁");
  return makeVocabulary({ ...BPE, pieces, sosId: pieces.length - 1, eosId: pieces.length - 1 });
}
