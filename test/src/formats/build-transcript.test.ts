import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildTranscript, type SegmentDraft, type TranscriptDraft } from "../../../src/formats/index.ts";

const draft = (segments: SegmentDraft[], more: Partial<TranscriptDraft> = {}): TranscriptDraft => ({
  id: "tr_1",
  model: { name: "u2pp-moe-en-41m", version: "0.1.0", device: "cuda" },
  language: "en",
  segments,
  audio: { sha256: "ab", duration: 10.00049, sampleRate: 8000, channels: 2, codec: "pcm_mulaw" },
  timing: { queuedMs: 12.4, decodeMs: 100.2, inferMs: 400.3 },
  ...more,
});

const say = (start: number, end: number, text: string, more: Partial<SegmentDraft> = {}): SegmentDraft => ({
  start,
  end,
  text,
  confidence: 0.5,
  words: [],
  ...more,
});

describe("a transcript", () => {
  test("has exactly the documented shape", () => {
    const words = [
      { word: "HELLO", display: "Hello", start: 1.00049, end: 1.5, confidence: 0.987_654 },
      {
        word: "THERE",
        display: "there.",
        start: 1.5,
        end: 2.0006,
        confidence: 1.000_01,
        endsSentence: true,
      },
    ];
    const segment = say(1, 2.1, "Hello there.", {
      verbatimText: "HELLO THERE",
      words,
      confidence: 0.912_345,
      channel: 0,
      alternatives: [{ text: "HALLO THERE", confidence: 0.123_456 }],
    });
    const warnings = [{ code: "truncated", message: "The file ends early.", at: 9.99999 }];
    expect(buildTranscript(draft([segment], { channels: "split", warnings }))).toStrictEqual({
      id: "tr_1",
      model: { name: "u2pp-moe-en-41m", version: "0.1.0", device: "cuda" },
      duration: 10,
      language: "en",
      text: "Hello there.",
      verbatim_text: "HELLO THERE",
      confidence: 0.9123,
      channels: [
        { channel: 0, text: "Hello there." },
        { channel: 1, text: "" },
      ],
      segments: [
        {
          id: 0,
          start: 1,
          end: 2.1,
          text: "Hello there.",
          confidence: 0.9123,
          channel: 0,
          words: [
            { word: "HELLO", display: "Hello", start: 1, end: 1.5, confidence: 0.9877 },
            { word: "THERE", display: "there.", start: 1.5, end: 2.001, confidence: 1 },
          ],
          alternatives: [{ text: "HALLO THERE", confidence: 0.1235 }],
        },
      ],
      paragraphs: [
        {
          start: 1,
          end: 2.001,
          channel: 0,
          sentences: [{ start: 1, end: 2.001, text: "Hello there." }],
        },
      ],
      audio: { sha256: "ab", duration: 10, sample_rate: 8000, channels: 2, codec: "pcm_mulaw" },
      timing: { queued_ms: 12, decode_ms: 100, infer_ms: 400, rtf: 0.0501 },
      warnings: [{ code: "truncated", message: "The file ends early.", at: 10 }],
    });
  });

  test("leaves out what there is nothing to say of", () => {
    const transcript = buildTranscript(
      draft([say(0, 1, "A", { channel: 1, alternatives: [] })], { warnings: [] }),
    );
    expect(Object.keys(transcript)).not.toContain("warnings");
    expect(Object.keys(transcript)).not.toContain("channels");
    expect(Object.keys(transcript.segments[0])).toEqual([
      "id",
      "start",
      "end",
      "text",
      "confidence",
      "words",
    ]);
  });

  test("orders segments by start, then channel, and numbers them in that order", () => {
    const segments = [
      say(5, 6, "D", { channel: 1 }),
      say(2, 3, "C", { channel: 1 }),
      say(2.0001, 3, "B", { channel: 0 }),
      say(0, 1, " "),
      say(0, 1, "A", { channel: 1 }),
    ];
    const transcript = buildTranscript(draft(segments, { channels: "split" }));
    expect(transcript.segments.map(({ id, text }) => [id, text])).toEqual([
      [0, "A"],
      [1, "B"],
      [2, "C"],
      [3, "D"],
    ]);
    expect(transcript.text).toBe("A B C D");
    expect(transcript.channels?.map(({ text }) => text)).toEqual(["B", "A C D"]);
  });

  test("weighs confidence by words", () => {
    const segments = [say(0, 1, "ONE", { confidence: 0.2 }), say(1, 2, "TWO THREE FOUR", { confidence: 1 })];
    expect(buildTranscript(draft(segments)).confidence).toBe(0.8);
    expect(buildTranscript(draft([])).confidence).toBe(0);
  });

  test("keeps null where the model tells no confidence, rather than a number", () => {
    const words = [{ word: "ONE", start: 0, end: 1, confidence: null }];
    const alternatives = [{ text: "ONE", confidence: null }];
    const transcript = buildTranscript(draft([say(0, 1, "ONE", { confidence: null, words, alternatives })]));
    expect(transcript.confidence).toBeNull();
    expect(transcript.segments[0]).toMatchObject({ confidence: null, words, alternatives });
  });

  test("makes room for words that rounding would squeeze to nothing", () => {
    const words = [0, 1, 2].map((i) => ({
      word: "A",
      start: 1 + i * 1e-5,
      end: 1 + (i + 1) * 1e-5,
      confidence: 1,
    }));
    const [segment] = buildTranscript(draft([say(1, 1.0001, "A A A", { words })])).segments;
    expect([segment.start, segment.end]).toEqual([1, 1.003]);
    expect(segment.words.map(({ start, end }) => [start, end])).toEqual([
      [1, 1.001],
      [1.001, 1.002],
      [1.002, 1.003],
    ]);
  });

  test("ends no later than its recording", () => {
    const [inside, after] = buildTranscript(draft([say(9, 10.4, "A"), say(11, 12, "B")])).segments;
    expect([inside.start, inside.end]).toEqual([9, 10]);
    expect([after.start, after.end]).toEqual([9.999, 10]);
  });

  test("refuses times that are none, by name", () => {
    expect(() => buildTranscript(draft([say(Number.NaN, 1, "A")]))).toThrow(
      "Segment 0: start is not a time: NaN",
    );
    const words = [{ word: "UP", start: 0, end: Number.POSITIVE_INFINITY, confidence: 1 }];
    expect(() => buildTranscript(draft([say(0, 1, "UP", { words })]))).toThrow(
      "word “UP”: end is not a time",
    );
  });

  test("whatever the times: start < end, words in order inside their segment, numbers rounded", () => {
    const time = fc.double({ min: -1, max: 12, noNaN: true });
    const word = fc.record({ word: fc.constant("A"), start: time, end: time, confidence: fc.double() });
    const segment = fc
      .record({ start: time, end: time, words: fc.array(word, { maxLength: 8 }), confidence: fc.double() })
      .map((span) => ({ ...span, text: "A" }));
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 6 }), (segments) => {
        const result = buildTranscript(draft(segments));
        expect(result.segments.length).toBe(segments.length);
        let earlier = 0;
        for (const { start, end, words, confidence } of result.segments) {
          expect(start).toBeGreaterThanOrEqual(earlier);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(result.duration);
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(1);
          let free = start;
          for (const word of words) {
            expect(word.start).toBeGreaterThanOrEqual(free);
            expect(word.end).toBeGreaterThan(word.start);
            expect(word.end).toBeLessThanOrEqual(end);
            free = word.end;
          }
          earlier = start;
        }
        expect(JSON.stringify(result)).not.toMatch(/\.\d{5}|null|\de-/);
      }),
    );
  });

  test("times that are in order already are only rounded", () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 0, max: 10_000 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(cuts, (unsorted) => {
        const at = unsorted.toSorted((a, b) => a - b).map((cut) => cut / 1000);
        const words = at.slice(1).map((end, i) => ({ word: "A", start: at[i], end, confidence: 1 }));
        const [segment] = buildTranscript(draft([say(at[0], at.at(-1)!, "A", { words })])).segments;
        expect(segment.words).toEqual(words);
      }),
    );
  });
});
