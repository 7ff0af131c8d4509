import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { writeNumbers } from "../../../../src/asr/written/write-numbers.ts";

function written(spoken: string): string {
  const words = spoken.split(" ");
  const out: string[] = [];
  let at = 0;
  for (const { start, end, text } of writeNumbers(words)) {
    out.push(...words.slice(at, start), text);
    at = end;
  }
  return [...out, ...words.slice(at)].join(" ");
}

function phrases(name: string): string[] {
  const text = readFileSync(new URL(name, import.meta.url), "utf8");
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

describe("numbers are written as in print", () => {
  const pairs = phrases("numbers.txt").map((line) => line.split("\t") as [string, string]);
  test("there are three hundred phrases", () => expect(pairs.length).toBeGreaterThanOrEqual(300));
  test.each(pairs)("%s", (spoken, expected) => expect(written(spoken)).toBe(expected));
});

describe("what is no number stays as it is heard", () => {
  const kept = phrases("words.txt");
  test("there are three hundred phrases", () => expect(new Set(kept).size).toBeGreaterThanOrEqual(300));
  test.each(kept)("%s", (spoken) => expect(written(spoken)).toBe(spoken));
});

describe("stretches", () => {
  test("say which words they stand for", () => {
    expect(writeNumbers("ENTER NINE ONE SEVEN ERASE FOUR FIVE SIX".split(" "))).toEqual([
      { start: 1, end: 4, text: "917" },
      { start: 5, end: 8, text: "456" },
    ]);
  });

  test("never overlap and are in order, whatever is said", () => {
    const heard = [
      ...phrases("numbers.txt").map((line) => line.split("\t")[0] ?? ""),
      ...phrases("words.txt"),
    ];
    const words = heard.join(" ").split(" ");
    let at = 0;
    for (const { start, end, text } of writeNumbers(words)) {
      expect(start).toBeGreaterThanOrEqual(at);
      expect(end).toBeGreaterThan(start);
      expect(text).not.toBe("");
      at = end;
    }
    expect(at).toBeLessThanOrEqual(words.length);
  });

  test.each(["five or ten or", "ten to", "a dot", "example dot com slash", "one", "twenty", "a hundred"])(
    "are found in ten thousand words that go on like %s",
    (phrase) => {
      const words = Array.from({ length: 10_000 }, (_, n) => phrase.split(" ")[n % phrase.split(" ").length]);
      expect(() => writeNumbers(words)).not.toThrow();
    },
  );
});
