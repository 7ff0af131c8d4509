import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PackError } from "../../../../src/asr/errors.ts";
import { wordConfidence } from "../../../../src/asr/words/confidence.ts";
import { groupTokens } from "../../../../src/asr/words/group.ts";
import { makeVocabulary, tokensToText } from "../../../../src/asr/words/vocabulary.ts";
import { buildWords, spansFromPeaks } from "../../../../src/asr/words/words.ts";
import { BPE, CHINESE, ENGLISH, JAPANESE, THAI, tokensOf } from "./vocabularies.ts";

const span = (startFrame: number, endFrame: number) => ({ startFrame, endFrame, peakFrame: startFrame });

describe("words", () => {
  test("go from their first token's start, less the lead, to their last token's end", () => {
    const tokens = tokensOf(ENGLISH, "▁ H I ▁ ▁ Y O U ▁");
    const spans = [
      [0, 1],
      [2, 4],
      [5, 7],
      [8, 9],
      [9, 10],
      [12, 13],
      [14, 15],
      [15, 18],
      [19, 20],
    ];
    const confidences = [1, 0.5, 0.75, 1, 1, 1, 0.5, 0.5, 0];
    const timed = { tokens, spans: spans.map(([start, end]) => span(start, end)), confidences };
    const options = { frameSeconds: 0.04, segmentDuration: 1, margins: { lead: 0.03, tail: 0 } };
    const [hi, you, ...rest] = buildWords(timed, ENGLISH, options);
    expect(rest).toEqual([]);
    expect(hi).toMatchObject({ word: "HI", confidence: 0.5 });
    expect(you).toMatchObject({ word: "YOU", confidence: 0.5 });
    expect([hi.start, hi.end, you.start, you.end]).toEqual(
      [0.05, 0.28, 0.45, 0.72].map((seconds) => expect.closeTo(seconds, 9)),
    );
    const product = buildWords(timed, ENGLISH, { ...options, confidence: "product" });
    expect(product.map(({ confidence }) => confidence)).toEqual([0.375, 0.25]);
  });

  test("have no confidence where their tokens have none", () => {
    const timed = { tokens: tokensOf(ENGLISH, "A"), spans: [span(0, 3)], confidences: null };
    const [a] = buildWords(timed, ENGLISH, { frameSeconds: 0.04, segmentDuration: 1 });
    expect(a).toMatchObject({ word: "A", confidence: null });
  });

  test("do not lead into the word before, nor out of the segment", () => {
    const timed = {
      tokens: tokensOf(ENGLISH, "A ▁ B"),
      spans: [span(0, 3), span(3, 4), span(4, 5)],
      confidences: [1, 1, 1],
    };
    const margins = { lead: 0.1, tail: 0 };
    const [a, b] = buildWords(timed, ENGLISH, { frameSeconds: 0.04, segmentDuration: 0.19, margins });
    expect([a.start, a.end, b.start, b.end]).toEqual([0, 0.12, 0.12, 0.19]);
  });

  test("whose margins meet share what is between them", () => {
    const tokens = tokensOf(BPE, "▁the ▁new ▁york ▁york");
    const spans = [span(5, 6), span(9, 10), span(25, 27), span(27, 28)];
    const words = buildWords({ tokens, spans, confidences: [1, 1, 1, 1] }, BPE, {
      frameSeconds: 0.04,
      segmentDuration: 1.2,
      margins: { lead: 0.15, tail: 0.1 },
    });
    const times = words.map(({ start, end }) => [start, end]);
    const expected = [0.05, 0.288, 0.288, 0.5, 0.85, 1.08, 1.08, 1.2];
    expect(times.flat()).toEqual(expected.map((seconds) => expect.closeTo(seconds, 9)));
  });

  test("share a segment too short for them", () => {
    const tokens = tokensOf(ENGLISH, "A ▁ B ▁ C ▁ D");
    const spans = spansFromPeaks(new Int32Array(7));
    const timed = { tokens, spans, confidences: new Float32Array(7) };
    const words = buildWords(timed, ENGLISH, { frameSeconds: 0.04, segmentDuration: 0.04 });
    const times = words.map(({ start, end }) => [start, end]);
    expect(times.flat()).toEqual([0, 1, 1, 2, 2, 3, 3, 4].map((n) => expect.closeTo(n / 100, 9)));
  });

  test("are ordered, apart and inside the segment, whatever the input", () => {
    const vocabularies = fc.constantFrom(ENGLISH, BPE, CHINESE, JAPANESE, THAI);
    const anything = fc.oneof(fc.integer({ min: -5, max: 300 }), fc.constantFrom(Number.NaN, 1e9, -1e9));
    const token = fc.record({ pick: fc.nat(99), from: anything, to: anything, confidence: fc.double() });
    const options = fc.record({
      frameSeconds: fc.constantFrom(0.04, 0.01, 0.06),
      segmentDuration: fc.double({ min: 0.001, max: 200, noNaN: true }),
      margins: fc.record({
        lead: fc.constantFrom(-0.1, 0, 0.04, 5),
        tail: fc.constantFrom(-0.1, 0, 0.04, 5),
      }),
    });
    const property = fc.property(
      vocabularies,
      fc.array(token, { maxLength: 120 }),
      options,
      (vocabulary, list, how) => {
        const timed = {
          tokens: list.map(({ pick }) => pick % vocabulary.size),
          spans: list.map(({ from, to }) => span(from, to)),
          confidences: list.map(({ confidence }) => confidence),
        };
        const words = buildWords(timed, vocabulary, how);
        let previousEnd = 0;
        for (const { word, start, end, confidence } of words) {
          expect(word).not.toBe("");
          expect(start).toBeGreaterThanOrEqual(previousEnd);
          expect(end).toBeGreaterThan(start);
          expect(confidence !== null && confidence >= 0 && confidence <= 1).toBe(true);
          previousEnd = end;
        }
        expect(previousEnd).toBeLessThanOrEqual(how.segmentDuration);
        // No letter is lost between the words and the text.
        const letters = words.map(({ word }) => word).join("");
        expect(letters).toBe(tokensToText(timed.tokens, vocabulary).replaceAll(" ", ""));
      },
    );
    fc.assert(property, { numRuns: 500 });
  });

  test("need a segment with room", () => {
    const nothing = { tokens: [], spans: [], confidences: [] };
    expect(buildWords(nothing, ENGLISH, { frameSeconds: 0.04, segmentDuration: 1 })).toEqual([]);
    expect(() => buildWords(nothing, ENGLISH, { frameSeconds: 0.04, segmentDuration: 0 })).toThrow(
      RangeError,
    );
  });
});

describe("tokens become words and text", () => {
  test.each([
    ["characters", ENGLISH, "▁ H I ▁ ▁ Y O U ' R E ▁", "HI|YOU'RE", "HI YOU'RE"],
    ["pieces", BPE, "▁new ▁york s ▁ o r", "new|yorks|or", "new yorks or"],
    ["pieces and Han characters", BPE, "▁new 中 国 ▁york", "new|中|国|york", "new 中国 york"],
    ["characters without spaces", CHINESE, "中 国 A P 3 人", "中|国|AP3|人", "中国 AP3 人"],
    [
      "words of Han characters and kana",
      JAPANESE,
      "▁東京 ▁タワー ▁に ▁LED が ▁3 つ",
      "東京|タワー|に|LED|が|3|つ",
      "東京タワーに LED が 3 つ",
    ],
    [
      "Thai by its dictionary words",
      THAI,
      "ผ ม ใ ช ้ ▁ L E D ท ุ ก ▁ ว ั น",
      "ผม|ใช้|LED|ทุก|วัน",
      "ผมใช้ LED ทุกวัน",
    ],
    ["Thai in pieces that cross a border of words", THAI, "ผมใ ช ้ ทุก ว ั น", "ผมใช้|ทุก|วัน", "ผมใช้ทุกวัน"],
    [
      "accents, which belong to the character before them",
      CHINESE,
      "か \u3099 人",
      "か\u3099|人",
      "か\u3099人",
    ],
    ["unknown tokens, which stay visible", ENGLISH, "A <unk> ▁ <unk>", "A<unk>|<unk>", "A<unk> <unk>"],
    ["marks without sound, which do not", ENGLISH, "A <blank> B <sos/eos>", "AB", "AB"],
  ])("%s", (_, vocabulary, pieces, words, text) => {
    const tokens = tokensOf(vocabulary, pieces);
    const groups = groupTokens(tokens, vocabulary);
    expect(groups.map(({ word }) => word).join("|")).toBe(words);
    expect(tokensToText(tokens, vocabulary)).toBe(text);
  });

  test("a vocabulary refuses ids outside it", () => {
    expect(() => makeVocabulary({ ...ENGLISH, eosId: 31 })).toThrow(PackError);
    expect(() => makeVocabulary({ ...ENGLISH, blankId: -1 })).toThrow(PackError);
  });
});

test("a word's confidence follows the rule", () => {
  const tokens = [0.9, 0.5, 1, Number.NaN];
  expect(wordConfidence(tokens, [0, 1, 2], "min")).toBe(0.5);
  expect(wordConfidence(tokens, [0, 1, 2], "mean")).toBeCloseTo(0.8, 9);
  expect(wordConfidence(tokens, [0, 1, 2], "product")).toBeCloseTo(0.45, 9);
  expect(wordConfidence(tokens, [2, 3], "min")).toBe(0);
  expect(wordConfidence(tokens, [], "mean")).toBe(0);
});
