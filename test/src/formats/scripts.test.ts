import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { respace } from "../../../src/asr/words/script.ts";
import { makeVocabulary, tokensToText, type VocabularyKind } from "../../../src/asr/words/vocabulary.ts";
import { buildWords } from "../../../src/asr/words/words.ts";
import { buildTranscript, cues, FORMATS } from "../../../src/formats/index.ts";
import { joinTexts } from "../../../src/formats/scripts.ts";
import scripts from "../../fixtures/scripts.json" with { type: "json" };
import { readSrt, readVtt } from "./readers.ts";
import { speak, transcriptOf } from "./samples.ts";

const FRAME = 0.04;
const PER_TOKEN = 4; // frames

/** From a model's tokens to a transcript, segment after segment without a pause. */
function transcribe({ units, kind, segments, language }: (typeof scripts)[number]) {
  const pieces = units.split(" ");
  const end = pieces.length - 1;
  const facts = { pieces, kind: kind as VocabularyKind, space: "▁" };
  const vocabulary = makeVocabulary({ ...facts, blankId: 0, unkId: 1, sosId: end, eosId: end });
  let start = 0;
  const drafts = segments.map((written) => {
    const tokens = written.split(" ").map((piece) => vocabulary.tokenOf(piece) ?? 1);
    const spans = tokens.map((_, i) => {
      return { startFrame: i * PER_TOKEN, endFrame: (i + 1) * PER_TOKEN, peakFrame: i * PER_TOKEN };
    });
    const segmentDuration = tokens.length * PER_TOKEN * FRAME;
    const options = { frameSeconds: FRAME, segmentDuration, margins: { lead: 0, tail: 0 } };
    const timed = { tokens, spans, confidences: tokens.map(() => 0.9) };
    const at = start;
    start += segmentDuration;
    const words = buildWords(timed, vocabulary, options).map((word) => {
      return { ...word, start: at + word.start, end: at + word.end };
    });
    return { start: at, end: start, text: tokensToText(tokens, vocabulary), confidence: 0.9, words };
  });
  return buildTranscript({
    id: "tr_1",
    model: { name: "m", version: "1", device: "cpu" },
    language,
    segments: drafts,
    audio: { sha256: "00", duration: start, sampleRate: 16_000, channels: 1, codec: "pcm_s16le" },
    timing: { queuedMs: 0, decodeMs: 0, inferMs: 0 },
  });
}

describe.each(scripts)("$name", (sample) => {
  const transcript = transcribe(sample);

  test("segments, words and the whole text have the spaces of their script", () => {
    expect(transcript.segments.map(({ text }) => text)).toEqual(sample.texts);
    const words = transcript.segments.map((segment) => segment.words.map(({ word }) => word).join(" "));
    expect(words).toEqual(sample.words);
    expect(transcript.text).toBe(sample.text);
  });

  test("the four formats write them so", () => {
    expect(JSON.parse(FORMATS.json.render(transcript))).toMatchObject({ text: sample.text });
    expect(FORMATS.text.render(transcript)).toBe(sample.texts.map((text) => `${text}\n`).join(""));
    expect(readSrt(FORMATS.srt.render(transcript)).map(({ lines }) => lines.join("\n"))).toEqual(sample.cues);
    expect(readVtt(FORMATS.vtt.render(transcript)).map(({ lines }) => lines.join("\n"))).toEqual(sample.cues);
  });
});

describe("subtitles of scripts without spaces", () => {
  const lines = (text: string, end = 6) =>
    cues(transcriptOf([{ text, start: 0, end }])).map((cue) => cue.lines);

  test("have 21 wide characters in a line, and end anywhere between two", () => {
    const text = "我们今天去公园看花明天去河边看鸟后天在家里看书大后天再说吧";
    expect([...text]).toHaveLength(29);
    expect(lines(text)).toEqual([["我们今天去公园看花明天去河边", "看鸟后天在家里看书大后天再说吧"]]);
    const characters = Array.from({ length: 100 }, (_, i) => "天地玄黄宇宙洪荒日月"[i % 10]);
    const words = speak(characters.join(" "), 0, 0.06);
    const timed = transcriptOf([{ text: characters.join(""), words }]);
    for (const cut of [lines(characters.join("")), cues(timed).map((cue) => cue.lines)]) {
      expect(cut.flat().join("")).toBe(characters.join(""));
      expect(Math.max(...cut.flat().map((line) => line.length))).toBeLessThanOrEqual(21);
      expect(cut).toHaveLength(3);
    }
  });

  test("begin no line with punctuation that closes, nor with a small kana, and end none with what opens", () => {
    const text = "これはとても長い文章で、「ちょっと」読みにくい。もっと短く切って、ください！";
    const [, ...rest] = lines(`${text}${text}`).flat();
    expect(rest.length).toBeGreaterThan(1);
    for (const line of rest) expect(line).not.toMatch(/^[、。！」ょっー]|「$/u);
  });

  test("keep punctuation that is a word of its own with the word before it", () => {
    const words = speak("天 地 玄 黄 。", 0, 0.2);
    const found = cues(transcriptOf([{ text: "天地玄黄。", words: [...words] }]));
    expect(found.map((cue) => [cue.start, cue.end, ...cue.lines])).toEqual([[0, 1000, "天地玄黄。"]]);
    const long = speak(`${"天 地 玄 黄 宇 ".repeat(4)}天 。 地`, 0, 0.1);
    const cut = cues(transcriptOf([{ text: `${"天地玄黄宇".repeat(4)}天。地`, words: long }]));
    for (const line of cut.flatMap((cue) => cue.lines)) expect(line).not.toMatch(/^。/u);
  });

  test("end lines of Thai between words, not inside them", () => {
    const text = "ผมใช้โทรศัพท์มือถือทุกวันเพื่อโทรหาเพื่อนและครอบครัวของผม";
    const [first, second] = lines(text).flat();
    expect(first + second).toBe(text);
    const starts = Array.from(
      new Intl.Segmenter("th", { granularity: "word" }).segment(text),
      (s) => s.index,
    );
    expect(starts).toContain(first.length);
  });

  test("leave Latin words among them whole", () => {
    const text = `${"天地".repeat(8)}TRANSCRIPTION${"玄黄".repeat(8)}`;
    expect(lines(text).flat().join("")).toBe(text);
    expect(
      lines(text)
        .flat()
        .some((line) => line.includes("TRANSCRIPTION")),
    ).toBe(true);
  });

  test("are joined across segments as they are written", () => {
    const segment = (text: string, start: number, words: string) => ({
      ...{ text, start, end: start + 1 },
      words: speak(words, start, 0.25),
    });
    const joined = (...texts: [string, string][]) =>
      cues(transcriptOf(texts.map(([text, words], i) => segment(text, i * 0.6, words)))).flatMap(
        (cue) => cue.lines,
      );
    expect(joined(["你好", "你 好"], ["世界", "世 界"])).toEqual(["你好世界"]);
    expect(joined(["你好", "你 好"], ["OK", "OK"])).toEqual(["你好 OK"]);
    expect(joined(["OK", "OK"], ["世界", "世 界"])).toEqual(["OK 世界"]);
  });
});

test("engine and formats agree on where a space stands", () => {
  const part = fc.constantFrom("中", "か", "カー", "ผม", "ລາວ", "ខ្ញុំ", "ကျ", "WORD", "слово", "3", "한국");
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      expect(joinTexts(parts)).toBe(respace(parts.join(" ")));
    }),
  );
});

test("a segment without words weighs as much as its characters", () => {
  const say = (text: string, confidence: number) => ({ start: 0, end: 1, text, confidence, words: [] });
  const { confidence } = buildTranscript({
    id: "tr_1",
    model: { name: "m", version: "1", device: "cpu" },
    language: "zh",
    segments: [say("好", 0.2), say("今天天", 1)],
    audio: { sha256: "00", duration: 1, sampleRate: 16_000, channels: 1, codec: "pcm_s16le" },
    timing: { queuedMs: 0, decodeMs: 0, inferMs: 0 },
  });
  expect(confidence).toBe(0.8);
});
