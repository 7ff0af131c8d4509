import { describe, expect, test } from "vitest";
import { resultKey, safeFileName, uploadKey } from "../../../src/jobs/object-keys.ts";

describe("a user's file name", () => {
  test.each([
    ["call.mp3", "call.mp3"],
    ["Grüße aus Köln.wav", "Grüße aus Köln.wav"],
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\me\\call.wav", "call.wav"],
    ["..", "recording"],
    [".hidden", "hidden"],
    ["a\u0000b\nc.wav", "a_b_c.wav"],
    ["what?.wav", "what_.wav"],
    ["50%.wav", "50_.wav"],
    ["\u202egnp.wav", "_gnp.wav"],
    ["\ud800.wav", "_.wav"],
    ["   ", "recording"],
    [null, "recording"],
  ])("%j is stored as %j", (name, stored) => {
    expect(safeFileName(name)).toBe(stored);
  });

  test("is cut to what every file system takes, and keeps its extension", () => {
    const stored = safeFileName(`${"ü".repeat(300)}.flac`);
    expect(stored).toMatch(/^ü+\.flac$/);
    expect(Buffer.byteLength(stored)).toBeLessThanOrEqual(150);
  });
});

test("keys name the transcription they belong to", () => {
  expect(uploadKey("tr_1", "a/b.wav")).toBe("uploads/tr_1/b.wav");
  expect(resultKey("tr_1")).toBe("results/tr_1.json");
  expect(resultKey("tr_1", "text")).toBe("results/tr_1.txt");
});
