import { describe, expect, test } from "vitest";
import { buildTranscript, FORMATS, type SegmentDraft } from "../../../src/formats/index.ts";

/** Words of 0.25 s; `_` is half a second of silence, `/` ends a segment, `.` a sentence. */
function segmentsOf(text: string, start = 0, channel?: number): SegmentDraft[] {
  let at = start;
  return text.split(" / ").map((segment) => {
    const words = segment.split(" ").flatMap((display) => {
      if (display === "_") {
        at += 0.5;
        return [];
      }
      const word = display.replace(/\W/g, "").toUpperCase();
      const endsSentence = display.endsWith(".");
      at += 0.25;
      return [{ word, display, endsSentence, start: at - 0.25, end: at, confidence: 0.9 }];
    });
    return {
      start: words[0].start,
      end: at,
      text: words.map(({ display }) => display).join(" "),
      verbatimText: words.map(({ word }) => word).join(" "),
      confidence: 0.9,
      words,
      ...(channel !== undefined && { channel }),
    };
  });
}

function build(segments: SegmentDraft[], more: { wordTimes?: boolean; channels?: "split" } = {}) {
  return buildTranscript({
    id: "tr_1",
    model: { name: "m", version: "1", device: "cpu" },
    language: "en",
    segments,
    audio: { sha256: "ab", duration: 3600, sampleRate: 16_000, channels: 2, codec: "pcm_s16le" },
    timing: { queuedMs: 0, decodeMs: 0, inferMs: 0 },
    ...more,
  });
}

const textsOf = (segments: SegmentDraft[], channels?: "split") =>
  build(segments, channels && { channels }).paragraphs?.map(({ sentences }) =>
    sentences.map(({ text }) => text),
  );

describe("paragraphs", () => {
  test("are of whole sentences, over segments, and end before a long pause", () => {
    expect(textsOf(segmentsOf("Hello _ / there. _ How / are you. _ _ _ Fine."))).toEqual([
      ["Hello there.", "How are you."],
      ["Fine."],
    ]);
  });

  test("go on where the pause is within a sentence, unless it is very long", () => {
    expect(textsOf(segmentsOf("Well _ _ _ _ I think. So"))).toEqual([["Well I think.", "So"]]);
    const silence = Array<string>(10).fill("_").join(" ");
    expect(textsOf(segmentsOf(`Well ${silence} yes. No.`))).toEqual([["Well"], ["yes.", "No."]]);
  });

  test("that have become long end with the next sentence before a breath, and at some time with any", () => {
    const sentence = (n: number) => `${Array<string>(n).fill("and").join(" ")} so.`;
    expect(textsOf(segmentsOf(`${sentence(50)} _ ${sentence(40)} _ Yes.`))?.length).toBe(2);
    expect(textsOf(segmentsOf(`${sentence(40)} _ ${sentence(30)} _ Yes.`))?.length).toBe(1);
    expect(textsOf(segmentsOf(`${sentence(90)} ${sentence(90)} Yes.`))?.length).toBe(2);
  });

  test("of channels are turns, each where it begins", () => {
    const ann = segmentsOf("Hello. _ _ _ _ _ _ I see. Good.", 0, 0);
    const bob = segmentsOf("This is Bob.", 1.5, 1);
    const transcript = build([...bob, ...ann], { channels: "split" });
    expect(transcript.paragraphs?.map(({ channel, start }) => [channel, start])).toEqual([
      [0, 0],
      [1, 1.5],
      [0, 3.25],
    ]);
    expect(FORMATS.text.render(transcript)).toBe(
      "Channel 1: Hello.\nChannel 2: This is Bob.\nChannel 1: I see. Good.\n",
    );
  });

  test("have times and stay where the times of words are not wanted", () => {
    const { paragraphs, segments, text, verbatim_text } = build(segmentsOf("Yes. _ / It costs $5."), {
      wordTimes: false,
    });
    expect(segments.map(({ words }) => words)).toEqual([[], []]);
    expect([text, verbatim_text]).toEqual(["Yes. It costs $5.", "YES IT COSTS 5"]);
    expect(paragraphs).toEqual([
      {
        start: 0,
        end: 1.5,
        sentences: [
          { start: 0, end: 0.25, text: "Yes." },
          { start: 0.75, end: 1.5, text: "It costs $5." },
        ],
      },
    ]);
  });

  test("are none where no sentence ends: the text has a line for each segment then", () => {
    const transcript = build(segmentsOf("Hello / there"));
    expect(transcript).not.toHaveProperty("paragraphs");
    expect(FORMATS.text.render(transcript)).toBe("Hello\nthere\n");
  });
});
