import { expect, test } from "vitest";
import { isMediaKey } from "../../../../src/jobs/batches/media-key.ts";

test.each([
  ["a.mp3", true],
  ["a/b c/Ä ü.WAV", true],
  ["talk.v2.flac", true],
  ["日本語.m4a", true],
  ...[".wmv", ".m4v", ".mka", ".mts", ".M2TS", ".mp2", ".weba", ".3ga", ".ogv", ".spx", ".mxf", ".wv"].map(
    (extension): [string, boolean] => [`tapes/a${extension}`, true],
  ),
  ["._a.mp3", false],
  ["tapes/._a.mp3", false],
  ["tapes/__MACOSX/a.mp3", false],
  ["tapes/a._b.mp3", true],
  ["a.mp3.json", false],
  ["a.mp3.txt", false],
  ["a.mp3.srt", false],
  ["a.mp3.vtt", false],
  ["mp3", false],
  [".mp3", false],
  ["tapes/.mp3", false],
  ["tapes.mp3/", false],
  ["tapes.mp3/notes", false],
  ["a.mp3 ", false],
  ["", false],
])("whether %j is a recording", (key, expected) => {
  expect(isMediaKey(key)).toBe(expected);
});
