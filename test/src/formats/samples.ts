import fc from "fast-check";
import type { Transcript, TranscriptSegment, TranscriptWord } from "../../../src/formats/index.ts";

/** A transcript around the given segments; whatever a test does not care about has some value. */
export function transcriptOf(
  segments: Partial<TranscriptSegment>[],
  more: Partial<Transcript> = {},
): Transcript {
  const whole = segments.map((segment, id) => ({
    id,
    start: 0,
    end: 1,
    text: (segment.words ?? []).map(({ word }) => word).join(" "),
    confidence: 0.9,
    words: [],
    ...segment,
  }));
  return {
    id: "tr_1",
    model: { name: "u2pp-moe-en-41m", version: "0.1.0", device: "cpu" },
    duration: 60,
    language: "en",
    text: whole.map(({ text }) => text).join(" "),
    confidence: 0.9,
    segments: whole,
    audio: { sha256: "00", duration: 60, sample_rate: 16_000, channels: 1, codec: "pcm_s16le" },
    timing: { queued_ms: 0, decode_ms: 1, infer_ms: 2, rtf: 0.0001 },
    ...more,
  };
}

/** Words spoken one after the other, each for `each` seconds, from `start` on; `/` is a pause of as long. */
export function speak(text: string, start = 0, each = 0.25): TranscriptWord[] {
  return text.split(" ").flatMap((word, index) => {
    const at = start + index * each;
    return word === "/" ? [] : [{ word, start: at, end: at + each, confidence: 0.9 }];
  });
}

export const split = (count: number): Partial<Transcript> => ({
  channels: Array.from({ length: count }, (_, channel) => ({ channel, text: "" })),
});

const HOSTILE = [
  "-->",
  "--",
  ">",
  "<b>bold</b>",
  "&amp;",
  "a\nb",
  "a\r\n\r\nb",
  "tab\there",
  "nul\0nul",
  "\0",
  "",
  " ",
  "\u200b",
  "\uFEFF",
  "\u2028",
  "👩‍👩‍👧‍👦",
  "🇫🇷🇩🇪",
  "é́́́",
  "שלום",
  "\u202Eevil",
  "你好世界",
  "\uD800",
  "1",
  "00:00:01,000 --> 00:00:02,000",
  "NOTE",
  "WEBVTT",
  "x".repeat(43),
  "-->".repeat(30),
  "👍🏽".repeat(100),
];

const word = fc.oneof(
  { weight: 5, arbitrary: fc.stringMatching(/^[a-z]{1,12}$/) },
  { weight: 2, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
);
/** What a word is written as, where that is known: nothing, where it is written with the one before. */
const display = fc.option(
  fc.oneof(word, fc.constantFrom("", "", "3.5 million", "June 5, 1998.", "SQL Server")),
  {
    nil: undefined,
  },
);
const anyTime = fc.oneof(fc.double({ min: 0, max: 40, noNaN: true }), fc.double());

/** Words in order, as recognition gives them: pauses of up to 2 s, words of up to 2 s. */
const orderly = fc
  .array(
    fc.record({
      word,
      display,
      pause: fc.integer({ min: 0, max: 2000 }),
      length: fc.integer({ min: 1, max: 2000 }),
    }),
    {
      maxLength: 60,
    },
  )
  .map((list) => {
    let at = 0;
    return list.map(({ word, display, pause, length }) => {
      const start = at + (pause > 1000 ? pause : 0);
      at = start + length;
      return { ...written(word, display), start: start / 1000, end: at / 1000, confidence: 0.5 };
    });
  });
const chaotic = fc
  .array(fc.record({ word, display, start: anyTime, end: anyTime, confidence: fc.double() }), {
    maxLength: 20,
  })
  .map((list) => list.map(({ word, display, ...times }) => ({ ...written(word, display), ...times })));

function written(word: string, display: string | undefined) {
  return { word, ...(display !== undefined && { display }) };
}

const segment = fc
  .record({
    words: fc.oneof(orderly, chaotic),
    timed: fc.boolean(),
    glue: fc.constantFrom(" ", " ", ""),
    start: anyTime,
    length: fc.double({ min: 0, max: 30, noNaN: true }),
    channel: fc.nat(2),
  })
  .map(({ words, timed, glue, start, length, channel }) => ({
    text: words.map((item) => item.display ?? item.word).join(glue),
    words: timed ? words : [],
    start,
    end: start + length,
    channel,
  }));

/** Transcripts as bad as can be: any text, any times, overlapping segments; split in channels or not. */
export const hostileTranscripts = fc
  .record({ segments: fc.array(segment, { maxLength: 6 }), named: fc.boolean() })
  .map(({ segments, named }) =>
    named ? transcriptOf(segments, split(3)) : transcriptOf(segments.map(({ channel: _, ...rest }) => rest)),
  );
