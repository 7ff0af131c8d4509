import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Cue, cues, type Transcript } from "../../../src/formats/index.ts";
import { hostileTranscripts, speak, split, transcriptOf } from "./samples.ts";

const brief = (list: Cue[]) => list.map(({ start, end, lines }) => [start, end, ...lines]);

/** What must be on the screen in the end, letter by letter: white space is free, invisible words may go. */
function letters(text: string): string {
  return text
    .toWellFormed()
    .split(/[\s\p{Cc}]+/u)
    .filter((word) => /[^\p{Default_Ignorable_Code_Point}]/u.test(word))
    .join("");
}

function spoken(transcript: Transcript, channel: number): string {
  const own = transcript.segments.filter((segment) => (segment.channel ?? 0) === channel);
  return own
    .flatMap(({ text, words }) =>
      words.length > 0 ? words.map(({ word, display }) => display ?? word) : [text],
    )
    .map(letters)
    .join("");
}

describe("cues", () => {
  test("a short phrase is one cue with the times of its words", () => {
    expect(brief(cues(transcriptOf([{ words: speak("HELLO WORLD OF WORDS TO READ", 2) }])))).toEqual([
      [2000, 3500, "HELLO WORLD OF WORDS TO READ"],
    ]);
  });

  test("two lines are as even as can be", () => {
    const words = speak("FOUR SCORE AND SEVEN YEARS AGO OUR FATHERS BROUGHT FORTH", 0, 0.5);
    // 26 + 29 characters; one word more or less above would make it 30 + 25 or 20 + 35.
    expect(brief(cues(transcriptOf([{ words }])))).toEqual([
      [0, 5000, "FOUR SCORE AND SEVEN YEARS", "AGO OUR FATHERS BROUGHT FORTH"],
    ]);
  });

  test("text for more than one cue is shared out evenly, not 84 characters and a rest", () => {
    // 18 words of 5 letters and their spaces: 107 characters, cut in half: 9 words each.
    const words = speak(Array.from({ length: 18 }, () => "WORDS").join(" "));
    const result = cues(transcriptOf([{ words }]));
    expect(result.map(({ lines }) => lines.join(" ").length)).toEqual([53, 53]);
    expect(result.map(({ start, end }) => [start, end])).toEqual([
      [0, 2250],
      [2250, 4500],
    ]);
  });

  test("where there is more than one cue anyway, it is cut at the pause", () => {
    const words = speak(
      "AND THIS IS THE FIRST HALF OF WHAT I WANT TO SAY / / NOW COMES A SECOND ONE OF MUCH THE SAME LENGTH",
    );
    expect(brief(cues(transcriptOf([{ words }])))).toEqual([
      [0, 3000, "AND THIS IS THE FIRST", "HALF OF WHAT I WANT TO SAY"],
      [3500, 6000, "NOW COMES A SECOND ONE", "OF MUCH THE SAME LENGTH"],
    ]);
  });

  test("no cue spans a second of silence, and a segment's end alone does not end a cue", () => {
    const first = { start: 0, end: 1, words: speak("ONE TWO") };
    const second = { start: 1, end: 2, words: speak("THREE FOUR", 0.75) };
    const third = { start: 3, end: 4, words: speak("FIVE SIX", 2.25) };
    expect(brief(cues(transcriptOf([first, second, third])))).toEqual([
      [0, 1250, "ONE TWO THREE FOUR"],
      [2250, 3250, "FIVE SIX"],
    ]);
  });

  test("seven seconds are the most, for slow speech and for one endless word", () => {
    const slow = cues(transcriptOf([{ words: speak("VERY SLOW SPEECH INDEED", 0, 3) }]));
    expect(brief(slow)).toEqual([
      [0, 6000, "VERY SLOW"],
      [6000, 12_000, "SPEECH INDEED"],
    ]);
    expect(brief(cues(transcriptOf([{ words: speak("OM", 0, 20) }])))).toEqual([[0, 7000, "OM"]]);
  });

  test("a short cue is held for a second where there is silence, but not into the next cue or past the end", () => {
    const yes = { start: 0, end: 0.3, words: speak("YES", 0, 0.3) };
    const no = { start: 1.5, end: 1.8, words: speak("NO", 1.5, 0.3) };
    expect(brief(cues(transcriptOf([yes, no], { duration: 2 })))).toEqual([
      [0, 1000, "YES"],
      [1500, 2000, "NO"],
    ]);
  });

  test("a word longer than a line is cut into lines, its time shared out by characters", () => {
    const words = speak("X".repeat(100), 0, 5);
    expect(brief(cues(transcriptOf([{ words }])))).toEqual([
      [0, 2100, "X".repeat(42)],
      [2100, 5000, "X".repeat(42), "X".repeat(16)],
    ]);
  });

  test("without words, times are shared out over the text by characters", () => {
    // 20 × 4 letters in 8 s: 0.1 s a letter. One cue may last 7 s, so there are two of 10 words, 4 s each.
    const text = Array.from({ length: 20 }, () => "WORD").join(" ");
    const result = cues(transcriptOf([{ start: 10, end: 18, text }]));
    expect(result.map(({ start, end }) => [start, end])).toEqual([
      [10_000, 14_000],
      [14_000, 18_000],
    ]);
  });

  test("scripts without spaces stay without them, and a family is one character", () => {
    const hello = { text: "你好 世界", words: speak("你 好 世 界", 0, 0.5) };
    expect(brief(cues(transcriptOf([hello])))).toEqual([[0, 2000, "你好 世界"]]);
    const family = "👩‍👩‍👧‍👦".repeat(42);
    expect(cues(transcriptOf([{ text: family }]))[0]?.lines).toEqual([family]);
  });

  test("whoever is interrupted is cut at a word, and goes on after it", () => {
    const agent = { channel: 0, start: 0, end: 6, words: speak("THANK YOU FOR CALLING MY NAME", 0, 1) };
    const caller = { channel: 1, start: 2.5, end: 2.9, words: speak("HELLO", 2.5, 0.4) };
    expect(cues(transcriptOf([agent, caller], split(2)))).toEqual([
      { start: 0, end: 2500, lines: ["THANK YOU FOR"], channel: 0 },
      { start: 2500, end: 3000, lines: ["HELLO"], channel: 1 },
      { start: 3000, end: 6000, lines: ["CALLING MY NAME"], channel: 0 },
    ]);
  });

  test("two who say the same at once take turns of a readable second", () => {
    const both = [0, 1].map((channel) => ({ channel, words: speak("ALL AT ONCE NOW", 0, 0.75) }));
    expect(brief(cues(transcriptOf(both, split(2))))).toEqual([
      [0, 1000, "ALL AT ONCE NOW"],
      [1000, 3000, "ALL AT ONCE NOW"],
    ]);
  });

  test("are cut at the end of a sentence first, then at a comma, not at what a dot abbreviates", () => {
    const read = (text: string) =>
      cues(transcriptOf([{ words: speak(text, 0, 0.2) }])).map(({ lines }) => lines.join(" | "));
    expect(
      read("We left the house at noon. It was raining, and nobody who knew us had come to see us go away."),
    ).toEqual([
      "We left the house at noon.",
      "It was raining, and nobody who | knew us had come to see us go away.",
    ]);
    expect(
      read(
        "When the last of the guests had finally gone home, she sat down and read the letter that he had left.",
      ),
    ).toEqual([
      "When the last of the guests | had finally gone home,",
      "she sat down and read the | letter that he had left.",
    ]);
    expect(
      read(
        "The train that leaves at 5 p.m. every day is late again and nobody knows when it is going to come.",
      ),
    ).toEqual([
      "The train that leaves at | 5 p.m. every day is late",
      "again and nobody knows | when it is going to come.",
    ]);
    expect(read("I see. But then why did you not come earlier?")).toEqual([
      "I see. | But then why did you not come earlier?",
    ]);
  });

  test("show what is written, numbers whole, with the time of all their words", () => {
    const words = speak("IT COSTS THREE POINT FIVE MILLION DOLLARS");
    const displays = ["It", "costs", "$3.5 million.", "", "", "", ""];
    const said = words.map((word, n) => ({ ...word, display: displays[n] }));
    expect(brief(cues(transcriptOf([{ text: "It costs $3.5 million.", words: said }])))).toEqual([
      [0, 1750, "It costs $3.5 million."],
    ]);
    for (const filler of Array.from({ length: 60 }, (_, n) => "x".repeat(n + 1))) {
      const long = [{ word: filler, start: 0, end: 0.1, confidence: 1 }, ...said].flatMap((word) => [word]);
      const shown = cues(transcriptOf([{ words: [...long, ...speak("y".repeat(30), 2)] }]));
      expect(shown.flatMap(({ lines }) => lines).join("\n")).toContain("$3.5 million.");
    }
  });

  test("no text, no cue", () => {
    expect(cues(transcriptOf([]))).toEqual([]);
    expect(cues(transcriptOf([{ text: " \n\0\u200b" }]))).toEqual([]);
  });

  test("a day of speech is no trouble", () => {
    const words = speak(Array.from({ length: 200_000 }, (_, i) => `word${i % 7}`).join(" "));
    expect(cues(transcriptOf([{ words }])).length).toBeGreaterThan(10_000);
  });

  test("whatever the transcript: limits hold, and every letter appears once and in order", () => {
    const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
    fc.assert(
      fc.property(hostileTranscripts, (transcript) => {
        const result = cues(transcript);
        let free = 0;
        for (const { start, end, lines } of result) {
          expect(Number.isInteger(start) && Number.isInteger(end)).toBe(true);
          expect(start).toBeGreaterThanOrEqual(free);
          expect(end).toBeGreaterThan(start);
          expect(end - start).toBeLessThanOrEqual(7000);
          expect(lines.length).toBeGreaterThanOrEqual(1);
          expect(lines.length).toBeLessThanOrEqual(2);
          for (const line of lines) {
            expect(line).not.toMatch(/^\s|\s$|\s\s|\p{Cc}|^$/u);
            expect([...segmenter.segment(line)].length).toBeLessThanOrEqual(42);
          }
          free = end;
        }
        for (const channel of [0, 1, 2]) {
          const shown = result.filter((cue) => (cue.channel ?? 0) === channel).flatMap(({ lines }) => lines);
          expect(shown.join("").replaceAll(" ", "")).toBe(spoken(transcript, channel));
        }
      }),
      { numRuns: 300 },
    );
  });

  test("ordinary words stay whole, one by one and in order", () => {
    const spokenWords = fc.array(fc.stringMatching(/^[A-Z']{1,42}$/), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(spokenWords, (list) => {
        const shown = cues(transcriptOf([{ words: speak(list.join(" ")) }])).flatMap(({ lines }) => lines);
        expect(shown.flatMap((line) => line.split(" "))).toEqual(list);
      }),
      { numRuns: 100 },
    );
  });
});
