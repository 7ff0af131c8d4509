import { expect, it } from "vitest";
import { parseDurations, wordsOf } from "../../bench/times/flite.ts";

// What flite 2.2 prints for "go now" with -psdur, the voice being slt.
const DURATIONS = "pau:0.197 g:0.254 ow:0.416 n:0.546 aw:0.831 pau:1.018";

it("words go from their first phone's start to their last one's end, pauses left out", () => {
  const words = wordsOf(["go", "now"], [2, 2], parseDurations(DURATIONS));
  expect(words).toEqual([
    { word: "go", start: 0.197, end: 0.416 },
    { word: "now", start: 0.416, end: 0.831 },
  ]);
});

it("phones that do not add up to the words' are no times", () => {
  expect(wordsOf(["go", "now"], [2, 3], parseDurations(DURATIONS))).toBeNull();
});
