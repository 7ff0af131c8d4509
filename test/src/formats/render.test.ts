import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cues, FORMATS, parseFormat, parseTranscript } from "../../../src/formats/index.ts";
import { readSrt, readVtt } from "./readers.ts";
import { hostileTranscripts, speak, split, transcriptOf } from "./samples.ts";

const dialogue = transcriptOf(
  [
    { channel: 0, start: 0, end: 2, words: speak("GOOD MORNING R&D", 0, 0.5) },
    { channel: 1, start: 3661.5, end: 3663, words: speak("a --> b <i>", 3661.5, 0.5) },
  ],
  { ...split(2), duration: 4000 },
);

describe("SRT", () => {
  test("is numbered from 1, with comma decimals and a blank line between cues", () => {
    expect(FORMATS.srt.render(dialogue)).toBe(
      "1\n00:00:00,000 --> 00:00:01,500\nGOOD MORNING R&D\n\n2\n01:01:01,500 --> 01:01:03,500\na → b <i>\n",
    );
  });

  test("is empty for an empty transcript", () => {
    expect(FORMATS.srt.render(transcriptOf([]))).toBe("");
  });

  test("counts hours past 99", () => {
    const text = FORMATS.srt.render(
      transcriptOf([{ start: 360_000, end: 360_002, text: "LATE" }], { duration: 4e5 }),
    );
    expect(text).toBe("1\n100:00:00,000 --> 100:00:02,000\nLATE\n");
  });

  test("whatever the transcript, a strict reader reads back the cues", () => {
    fc.assert(
      fc.property(hostileTranscripts, (transcript) => {
        const written = cues(transcript).map(({ start, end, lines }) => {
          return { start, end, lines: lines.map((line) => line.replaceAll("-->", "→")) };
        });
        expect(readSrt(FORMATS.srt.render(transcript))).toEqual(written);
      }),
      { numRuns: 150 },
    );
  });
});

describe("WebVTT", () => {
  test("has period decimals, escapes and voices", () => {
    expect(FORMATS.vtt.render(dialogue)).toBe(
      [
        "WEBVTT",
        "",
        "00:00:00.000 --> 00:00:01.500",
        "<v Channel 1>GOOD MORNING R&amp;D",
        "",
        "01:01:01.500 --> 01:01:03.500",
        "<v Channel 2>a --&gt; b &lt;i&gt;",
        "",
      ].join("\n"),
    );
  });

  test("names no channel where there is but one", () => {
    const text = FORMATS.vtt.render(
      transcriptOf([{ channel: 0, words: speak("ALONE HERE", 0, 0.5) }], split(1)),
    );
    expect(text).toBe("WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nALONE HERE\n");
  });

  test("is a header alone for an empty transcript", () => {
    expect(FORMATS.vtt.render(transcriptOf([]))).toBe("WEBVTT\n");
  });

  test("whatever the transcript, a strict reader reads back the cues", () => {
    fc.assert(
      fc.property(hostileTranscripts, (transcript) => {
        const written = cues(transcript).map(({ channel, ...cue }) => {
          return channel === undefined ? cue : { ...cue, voice: `Channel ${channel + 1}` };
        });
        expect(readVtt(FORMATS.vtt.render(transcript))).toEqual(written);
      }),
      { numRuns: 150 },
    );
  });
});

describe("text", () => {
  test("is a line for each segment", () => {
    const text = FORMATS.text.render(
      transcriptOf([{ text: "ONE\ntwo\t three" }, { text: " \0" }, { text: "FOUR" }]),
    );
    expect(text).toBe("ONE two three\nFOUR\n");
  });

  test("names the channels where there are several", () => {
    expect(FORMATS.text.render(dialogue)).toBe("Channel 1: GOOD MORNING R&D\nChannel 2: a --> b <i>\n");
  });

  test("is empty for an empty transcript", () => {
    expect(FORMATS.text.render(transcriptOf([]))).toBe("");
  });
});

describe("JSON", () => {
  test("reads back as it was, whatever the text", () => {
    fc.assert(
      fc.property(hostileTranscripts, (transcript) => {
        // NaN and infinity are not in JSON; transcripts that were built have neither.
        const plain: unknown = JSON.parse(JSON.stringify(transcript));
        expect(parseTranscript(FORMATS.json.render(transcript))).toEqual(plain);
      }),
      { numRuns: 100 },
    );
  });

  test.each(["{}", "null", "[]", '"text"', '{"id":"a","duration":1,"text":"","segments":{}}'])(
    "%s is no transcript",
    (json) => {
      expect(() => parseTranscript(json)).toThrow(TypeError);
    },
  );

  test("text that is not JSON is a syntax error", () => {
    expect(() => parseTranscript("WEBVTT")).toThrow(SyntaxError);
  });
});

describe("the table of formats", () => {
  test("has media types and extensions", () => {
    expect(
      Object.entries(FORMATS).map(([name, { mediaType, extension }]) => [name, mediaType, extension]),
    ).toEqual([
      ["json", "application/json", "json"],
      ["text", "text/plain; charset=utf-8", "txt"],
      ["srt", "application/x-subrip", "srt"],
      ["vtt", "text/vtt", "vtt"],
    ]);
  });

  test("names are read in any case, and others refused", () => {
    expect(["json", "SRT", "Vtt", "text"].map(parseFormat)).toEqual(["json", "srt", "vtt", "text"]);
    expect(["", "txt", "xml", "constructor", "srt "].map(parseFormat)).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  test("nothing begins with a byte order mark, and all of it is well-formed", () => {
    fc.assert(
      fc.property(hostileTranscripts, (transcript) => {
        for (const { render } of Object.values(FORMATS)) {
          const text = render(transcript);
          expect(text.startsWith("\uFEFF")).toBe(false);
          expect(text.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});
