import { expect, it } from "vitest";
import { LOWER, MARKS, type Mark, TITLE, UPPER } from "../../../../src/asr/punctuation/labels.ts";
import type { WordScores } from "../../../../src/asr/punctuation/windows.ts";
import { CaseMemory } from "../../../../src/asr/readable/case-memory.ts";

interface Said {
  word: string;
  /** Log-odds of Title against lower case. */
  title: number;
  /** And of UPPER. */
  upper?: number;
  mark?: Mark;
}

function scoresOf({ title, upper = -9, mark = "" }: Said): WordScores {
  const marks = MARKS.map((one) => (one === mark ? -0.01 : -9));
  return { cases: Float32Array.of(0, title, upper, -9), marks: Float32Array.from(marks) };
}

function casesOf(said: readonly Said[], memory = new CaseMemory()): number[] {
  const words = said.map(({ word }) => word);
  return memory.label(words, said.map(scoresOf)).map((label) => label.case);
}

const HALLO = { word: "HALLO", title: 6 };
const LANG = { word: "LANG", title: 3 };
const UNSURE = { word: "LANG", title: -0.5 };

it("writes a word that the model is unsure of as it was before", () => {
  expect(casesOf([HALLO, UNSURE])).toEqual([TITLE, LOWER]);
  expect(casesOf([HALLO, LANG, UNSURE])).toEqual([TITLE, TITLE, TITLE]);
  expect(casesOf([HALLO, { word: "LANG", title: -4 }, { word: "LANG", title: 0.3 }])).toEqual([
    TITLE,
    LOWER,
    LOWER,
  ]);
});

it("knows a word whatever its letters and apostrophes around it", () => {
  expect(casesOf([HALLO, LANG, { word: "'lang'", title: -0.5 }])[2]).toBe(TITLE);
});

it("does not overrule a model that is sure", () => {
  expect(casesOf([HALLO, LANG, LANG, { word: "LANG", title: -3 }])[3]).toBe(LOWER);
});

it("learns nothing from where a sentence begins, and changes nothing there", () => {
  const will = { word: "WILL", title: 5 };
  const unsure = { word: "WILL", title: -0.5 };
  expect(casesOf([will, unsure])).toEqual([TITLE, LOWER]);
  expect(casesOf([HALLO, { word: "SO", title: -5, mark: "?" }, will, unsure])[3]).toBe(LOWER);
  expect(casesOf([HALLO, { ...LANG, mark: "." }, UNSURE])[2]).toBe(LOWER);
});

it("keeps one kind of capitals apart from the other", () => {
  const nasa = { word: "NASA", title: -3, upper: 4 };
  expect(casesOf([HALLO, nasa, { word: "NASA", title: 0.4, upper: 0 }])[2]).toBe(UPPER);
});

it("gives the same labels however the words are divided over calls", () => {
  const said = [HALLO, LANG, { ...UNSURE, mark: "." as const }, UNSURE, UNSURE];
  const memory = new CaseMemory();
  expect(said.flatMap((one) => casesOf([one], memory))).toEqual(casesOf(said));
});
