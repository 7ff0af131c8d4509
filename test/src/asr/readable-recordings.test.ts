import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  collect,
  type ReadableOptions,
  type RecognisedSegment,
  type TranscribeOptions,
  Transcriber,
} from "../../../src/asr/index.ts";
import { buildTranscript, FORMATS, type FormatName } from "../../../src/formats/index.ts";
import { punctuatedPack } from "../../support/punctuated-pack.ts";
import { FIXTURES } from "./fixtures.ts";
import { PACK } from "./golden.ts";

/** Marks where silences are: its weights are set by hand (training/tests/punctuators.py). */
const BY_HAND = fileURLToPath(new URL("../../fixtures/punctuator/by-hand", import.meta.url));

let folder: string;
let transcriber: Transcriber;
beforeAll(async () => {
  folder = await punctuatedPack(PACK, BY_HAND);
  transcriber = await Transcriber.load(folder, { device: "cpu" });
});
afterAll(async () => {
  await transcriber.close();
  await rm(folder, { recursive: true });
});

const commands = `${FIXTURES}/commands.wav`;
const dialogue = `${FIXTURES}/dialogue.wav`;
const segmentsOf = (source: string, options: TranscribeOptions = {}) =>
  collect(transcriber.transcribe(source, options));
const textOf = async (source: string, options: TranscribeOptions = {}) =>
  (await segmentsOf(source, options)).map(({ text }) => text).join(" ");

async function render(name: string, format: FormatName): Promise<string> {
  const channels = name === "dialogue" ? "split" : "mix";
  const transcription = transcriber.transcribe(`${FIXTURES}/${name}.wav`, { channels });
  const segments = await collect(transcription);
  const { model } = transcriber;
  const [language] = model.languages;
  const timing = { queuedMs: 0, decodeMs: 0, inferMs: 0 };
  const { audio } = transcription;
  return FORMATS[format].render(
    buildTranscript({ id: name, model, language, channels, segments, audio, timing }),
  );
}

/** Of a fixture: its lines of text; then the cues of its subtitles. */
const WRITTEN: [name: string, lines: string[], cues: string[]][] = [
  ["commands", ["Enter 917. Erase 456. 555-1234. Go."], ["Enter 917.", "Erase 456.", "555-1234. Go."]],
  [
    "dialogue",
    ["Channel 1: 12345.", "Channel 2: 6, 7, 8, 9, 10.", "Channel 1: Yes."],
    ["12345.", "6, 7, 8, 9, 10.", "Yes."],
  ],
  ["utterances/slt-erase-four-five-six", ["Erase 456."], ["Erase 456."]],
  ["vocabulary/awb-date-october", ["October 30, 1950."], ["October 30, 1950."]],
  ["vocabulary/awb-letters-vwx", ["VWXYZ."], ["VWXYZ."]],
  ["vocabulary/awb-number-76000", ["76,000."], ["76,000."]],
];

describe("the text of a recording", () => {
  describe.each(WRITTEN)("%s", (name, lines, cues) => {
    it("as text", async () => {
      expect(await render(name, "text")).toBe(lines.map((line) => `${line}\n`).join(""));
    });

    it("as JSON, what was heard beside it", async () => {
      const { text, verbatim_text, segments, paragraphs } = JSON.parse(await render(name, "json"));
      const plain = lines.map((line) => line.replace(/^Channel \d: /, "")).join(" ");
      expect(text).toBe(plain);
      expect(verbatim_text).toMatch(/^[A-Z ]+$/);
      const words: { word: string; display: string }[] = segments.flatMap(
        (segment: { words: object[] }) => segment.words,
      );
      expect(words.map(({ word }) => word).join(" ")).toBe(verbatim_text);
      const displays = words.map(({ display }) => display).filter((display) => display !== "");
      expect(displays.join(" ")).toBe(plain);
      const sentences = paragraphs.flatMap((one: { sentences: object[] }) => one.sentences);
      expect(sentences.map((sentence: { text: string }) => sentence.text).join(" ")).toBe(plain);
    });

    it.each(["srt", "vtt"] as const)("as %s", async (format) => {
      const subtitles = await render(name, format);
      const shown = subtitles.split("\n\n").flatMap((cue) => {
        const [, text] = /-->.*\n([\s\S]+?)\n?$/.exec(cue) ?? [];
        return text === undefined ? [] : [text.replace(/^<v Channel \d>/, "")];
      });
      expect(shown).toEqual(cues);
    });
  });

  it("is written as the options say", async () => {
    const write = (options: ReadableOptions) => textOf(commands, options);
    expect(await write({})).toBe("Enter 917. Erase 456. 555-1234. Go.");
    expect(await write({ numerals: false })).toBe(
      "Enter nine one seven. Erase four five six. Five five five one two three four. Go.",
    );
    expect(await write({ punctuate: false })).toBe("ENTER 917 ERASE 456 555-1234 GO");
    expect(await write({ formatText: false })).toBe(
      "ENTER NINE ONE SEVEN ERASE FOUR FIVE SIX FIVE FIVE FIVE ONE TWO THREE FOUR GO",
    );
    expect(await write({ formatText: false, numerals: true })).toBe("ENTER 917 ERASE 456 555-1234 GO");
    const replace = [{ find: "erase", with: "Delete" }];
    expect(await write({ replace })).toBe("Enter 917. Delete 456. 555-1234. Go.");
    expect(await write({ replace, formatText: false })).toContain("SEVEN Delete FOUR");
  });

  it("has hotwords as they were given", async () => {
    const hotwords = [{ phrase: "eRase" }, { phrase: "ÇA VA" }];
    expect(await textOf(commands, { hotwords })).toContain("917. eRase 456.");
    expect(await textOf(commands, { hotwords, formatText: false })).toContain("SEVEN ERASE FOUR");
  });

  it("refuses a replacement that makes no sense at once", () => {
    expect(() => transcriber.transcribe(commands, { replace: [{ find: "", with: "x" }] })).toThrow("find");
  });
});

describe("what is written does not depend on", () => {
  const written = (segments: RecognisedSegment[]) =>
    segments.map(({ start, channel, text, words }) => [start, channel, text, words.map((w) => w.display)]);

  it("what else is transcribed, nor how many segments a batch has", async () => {
    const alone = written(await segmentsOf(commands));
    const split = { channels: "split" } as const;
    const both = written(await segmentsOf(dialogue, split));
    const many = await Promise.all(
      Array.from({ length: 6 }, (_, n) => (n % 2 ? segmentsOf(commands) : segmentsOf(dialogue, split))),
    );
    for (const [n, segments] of many.entries()) expect(written(segments)).toEqual(n % 2 ? alone : both);
    const other = await Transcriber.load(folder, { device: "cpu", sessions: 1, batchUtterances: 1 });
    expect(written(await collect(other.transcribe(commands)))).toEqual(alone);
    await other.close();
  });
});

describe("the time of the punctuator", () => {
  it("counts as its stage and as the recording's", async () => {
    const before = transcriber.stageTimes().punctuation;
    const transcription = transcriber.transcribe(commands);
    await collect(transcription);
    const spent = transcriber.stageTimes().punctuation - before;
    expect(spent).toBeGreaterThan(0);
    expect(transcription.timing.inferMs).toBeGreaterThan(spent);
  });
});
