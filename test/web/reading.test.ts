import { describe, expect, test } from "vitest";
import type { Segment, Transcript } from "../../web/api/shapes.ts";
import { edit, edited, loadEdits, NO_EDITS, redo, saveEdits, undo } from "../../web/read/edits.ts";
import { toCsv, toEditedJson, toSrt, toText } from "../../web/read/export.ts";
import { findMatches } from "../../web/read/find.ts";
import { Heights } from "../../web/read/heights.ts";
import { rowAt, rowOf, toScript, wordAt } from "../../web/read/script.ts";

/** Words of half a second each, one after the other. */
function segment(id: number, start: number, text: string, more: Partial<Segment> = {}): Segment {
  const words = text.split(" ").map((word, at) => ({
    word,
    start: start + at / 2,
    end: start + at / 2 + 0.4,
    confidence: 0.9,
  }));
  return { id, start, end: start + words.length / 2, text, confidence: 0.9, words, ...more };
}

function transcriptOf(segments: Segment[]): Transcript {
  const audio = { duration: 60, sample_rate: 16000, channels: 1, codec: "pcm_s16le" };
  const model = { name: "m", version: "1", device: "cpu" };
  const timing = { queued_ms: 0, decode_ms: 0, infer_ms: 0, rtf: 0 };
  const text = segments.map((one) => one.text).join(" ");
  return { id: "tr_1", model, duration: 60, language: "en", text, confidence: 0.9, segments, audio, timing };
}

const TWO = transcriptOf([segment(0, 1, "one two three"), segment(1, 10, "four five")]);

describe("a script", () => {
  const script = toScript(TWO);

  test.each([
    [0, null, -1],
    [1, 0, 0],
    [1.39, 0, 0],
    [1.45, null, 0],
    [1.5, 1, 0],
    [2.1, 2, 0],
    [9, null, 0],
    [10, 3, 1],
    [10.7, 4, 1],
    [11, null, 1],
  ])("knows the word and the row at %d s", (time, word, row) => {
    expect([wordAt(script, time), rowAt(script, time)]).toEqual([word, row]);
  });

  test("knows in which row a word stands", () => {
    expect([0, 1, 2, 3, 4].map((word) => rowOf(script, word))).toEqual([0, 0, 0, 1, 1]);
  });

  test("of two channels at once has the word that began last, while it is said", () => {
    const channels = [segment(0, 1, "left"), segment(1, 1.2, "right", { channel: 1 })];
    channels[0].words[0].end = 5;
    const both = toScript(transcriptOf(channels));
    expect([1.1, 1.3, 2].map((time) => wordAt(both, time))).toEqual([0, 1, 0]);
  });

  test("without times of words has segments for words", () => {
    const bare = toScript(transcriptOf([segment(0, 1, "one two", { words: [] })]));
    expect([bare.words, wordAt(bare, 1.5)]).toEqual([["one two"], 0]);
  });

  test("shows words as they are written, several in one where that is so", () => {
    const written = segment(0, 1, "nine one go");
    written.words[0].display = "91";
    written.words[1].display = "";
    const { words, heard, holders } = toScript(transcriptOf([written]));
    expect([words, heard, [...holders]]).toEqual([
      ["91", "", "go"],
      ["nine", "one", "go"],
      [0, 0, 2],
    ]);
  });
});

describe("finding", () => {
  const words = ["One", "two", "", "TWO", "three"];

  test.each([
    [
      "two",
      [
        [1, 1],
        [3, 3],
      ],
    ],
    [
      "o",
      [
        [0, 0],
        [1, 1],
        [3, 3],
      ],
    ],
    ["TWO  two", [[1, 3]]],
    ["ne t", [[0, 1]]],
    ["four", []],
    ["  ", []],
  ])("%j is found across words, in whatever case", (query, places) => {
    expect(findMatches(words, query).map(({ first, last }) => [first, last])).toEqual(places);
  });
});

describe("edits", () => {
  test("are undone and done again, and a new one ends what was undone", () => {
    let edits = edit(NO_EDITS, 1, "two", "too");
    edits = edit(edits, 1, "two", "to");
    expect(edited(["one", "two"], edits)).toEqual(["one", "to"]);
    edits = undo(edits);
    expect(edits.words).toEqual({ 1: "too" });
    expect(undo(undo(edits)).words).toEqual({});
    expect(redo(edits).words).toEqual({ 1: "to" });
    expect(redo(edit(edits, 0, "one", "won")).words).toEqual({ 0: "won", 1: "too" });
  });

  test("back to the word of the service are none", () => {
    const edits = edit(edit(NO_EDITS, 1, "two", "too"), 1, "two", "two");
    expect(edits.words).toEqual({});
    expect(edit(NO_EDITS, 1, "two", "two")).toBe(NO_EDITS);
  });

  test("are kept by transcription, and what cannot be read is left", () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
    const edits = edit(NO_EDITS, 1, "two", "too");
    saveEdits("tr_1", edits, storage);
    expect([loadEdits("tr_1", storage), loadEdits("tr_2", storage)]).toEqual([edits, NO_EDITS]);
    kept.set("scriptorium.edits.tr_1", "{");
    expect(loadEdits("tr_1", storage)).toBe(NO_EDITS);
  });
});

describe("taken home", () => {
  const script = toScript(TWO);
  const edits = edit(edit(NO_EDITS, 1, "two", "2, or so"), 4, "five", "");
  const words = edited(script.words, edits);

  test("as text has a line for each segment", () => {
    expect(toText(script, words)).toBe("one 2, or so three\nfour\n");
  });

  test("as JSON is the service's with the reader's words in it", () => {
    const json = JSON.parse(toEditedJson(TWO, script, edits)) as Transcript;
    expect(json.text).toBe("one 2, or so three four");
    expect(json.segments[0]).toEqual({
      ...TWO.segments[0],
      text: "one 2, or so three",
      words: TWO.segments[0].words.map((word, at) => (at === 1 ? { ...word, word: "2, or so" } : word)),
    });
    expect(TWO.segments[0].text).toBe("one two three");
  });

  test("as subtitles is cut at words, after 80 characters or 7 seconds", () => {
    expect(toSrt(script, words)).toBe(
      "1\n00:00:01,000 --> 00:00:02,400\none 2, or so three\n\n2\n00:00:10,000 --> 00:00:10,400\nfour\n",
    );
    const long = toScript(transcriptOf([segment(0, 3599, Array(20).fill("wordword").join(" "))]));
    const cues = toSrt(long, long.words).split("\n\n");
    expect(cues).toHaveLength(3);
    expect(cues[1]).toMatch(/^2\n01:00:0\d,\d{3} --> 01:00:/);
  });

  test("as CSV has a line for each word, quoted, and no formula", () => {
    const spoken = segment(0, 1, "nine one c,d");
    spoken.words[0].display = "=9+1";
    spoken.words[1].display = "";
    spoken.words[2].display = 'a "b"';
    expect(toCsv(toScript(transcriptOf([spoken])))).toBe(
      [
        "segment,channel,start,end,word,written,confidence",
        "0,,1,1.4,nine,'=9+1,0.9",
        "0,,1.5,1.9,one,,0.9",
        '0,,2,2.4,"c,d","a ""b""",0.9',
        "",
      ].join("\r\n"),
    );
  });
});

test("heights that are measured move what comes after them", () => {
  const heights = new Heights([10, 10, 10, 10]);
  expect([
    heights.total,
    heights.at(0),
    heights.at(9),
    heights.at(10),
    heights.at(-5),
    heights.at(99),
  ]).toEqual([40, 0, 0, 1, 0, 3]);
  expect(heights.measure(1, 25)).toBe(15);
  expect(heights.measure(1, 25)).toBe(0);
  expect([heights.top(1), heights.top(2), heights.total, heights.at(30)]).toEqual([10, 35, 55, 1]);
});
