import { describe, expect, test } from "vitest";
import { LISTED, LOWER, type Mark, TITLE, UPPER } from "../../../../src/asr/punctuation/labels.ts";
import { normalised, PhraseFinder, wordsOf } from "../../../../src/asr/readable/phrases.ts";
import { type Replacement, Replacer } from "../../../../src/asr/readable/replace.ts";
import type { Style } from "../../../../src/asr/readable/style.ts";
import { joinDisplays, writeSegment } from "../../../../src/asr/readable/write-segment.ts";

const FORMS = new Map([
  ["mcdonald", "McDonald"],
  ["iphone", "iPhone"],
]);
const CASES: Record<string, number> = { "^": TITLE, "^^": UPPER, "*": LISTED, "": LOWER };

interface Wishes {
  hotwords?: string[];
  replace?: Replacement[];
  numerals?: boolean;
  begins?: boolean;
  last?: boolean;
}

function styleWith({ hotwords = [], replace = [], numerals = true }: Wishes, labelled: boolean): Style {
  const phrases = hotwords.map((phrase) => ({ words: wordsOf(normalised(phrase)), written: phrase }));
  return {
    punctuate: labelled,
    capitals: !labelled,
    numerals,
    hotwords: new PhraseFinder(phrases),
    replacer: new Replacer(replace),
  };
}

/** Words with their labels: `^` before a word for Title, `^^` for UPPER, `*` for the list; its mark behind it. */
function write(labelled: string, wishes: Wishes = {}): string[] {
  const parts = labelled.split(" ").map((part) => /^(\^{0,2}|\*)([\w'’]+)(.?)$/u.exec(part)!);
  const words = parts.map(([, , word]) => word.toUpperCase());
  const labels = parts.map(([, label, , mark]) => ({ case: CASES[label], mark: mark as Mark }));
  const place = { begins: wishes.begins ?? true, last: wishes.last ?? false };
  return writeSegment(words, labels, place, styleWith(wishes, true), FORMS).displays;
}

const text = (labelled: string, wishes?: Wishes) => joinDisplays(write(labelled, wishes));

describe("words with labels", () => {
  test.each([
    ["hello there. how are you?", "Hello there. How are you?"],
    [
      "i think ^nina saw ^^nasa's iphone— *iphone, i'm sure.",
      "I think Nina saw NASA's iphone—iPhone, I'm sure.",
    ],
    ["*mcdonald and *macbeth.", "McDonald and Macbeth."],
    ["^mckinsey, *o'sullivan's ^mci at ^o'clock.", "McKinsey, O'Sullivan's Mci at O'clock."],
    ["'tis the dogs' bone.", "'Tis the dogs' bone."],
    ["no! *iphone is here; really: yes.", "No! iPhone is here; really: yes."],
  ])("%s", (labelled, expected) => expect(text(labelled)).toBe(expected));

  test("a segment within a sentence does not begin with a capital", () => {
    expect(text("and so on.", { begins: false })).toBe("and so on.");
  });

  test.each([
    ["go", "Go."],
    ["we came, saw,", "We came, saw."],
    ["really?", "Really?"],
  ])("at the end of a recording a sentence ends: %s", (labelled, expected) => {
    expect(text(labelled, { last: true })).toBe(expected);
  });
});

describe("numbers", () => {
  test("are written on their first word, with the mark of their last; the others are empty", () => {
    expect(write("enter nine, one seven. erase four five six?")).toEqual([
      "Enter",
      "917.",
      "",
      "",
      "Erase",
      "456?",
      "",
      "",
    ]);
  });

  test.each([
    ["it was nineteen eighty. four of us came.", "It was 1980. Four of us came."],
    ["at five p m. we left.", "At 5 p.m. We left."],
    ["two thousand. and five hundred more.", "2,000. And 500 more."],
    ["write to john dot smith at example dot com.", "Write to john.smith@example.com."],
    ["example dot com is down.", "example.com is down."],
    ["^^a ^^b ^^c. one of them.", "ABC. One of them."],
  ])("%s", (labelled, expected) => expect(text(labelled)).toBe(expected));

  test("stay words where figures are not wanted", () => {
    expect(text("enter nine one seven.", { numerals: false })).toBe("Enter nine one seven.");
  });
});

describe("hotwords", () => {
  const hotwords = ["Scriptorium", "AWS", "O'Brien", "Amazon Web Services", "kubectl", "Seven Eleven"];
  test.each([
    ["scriptorium runs on aws, said o’brien.", "Scriptorium runs on AWS, said O'Brien."],
    ["^amazon web, services. kubectl, and ^kubectl.", "Amazon Web Services. Kubectl, and kubectl."],
    ["at seven eleven, nine one seven.", "At Seven Eleven, 917."],
    ["amazon web of lies.", "Amazon web of lies."],
  ])("come out as the caller wrote them: %s", (labelled, expected) => {
    expect(text(labelled, { hotwords })).toBe(expected);
  });
});

describe("custom spelling", () => {
  const replace = [
    { find: "sequel server", with: "SQL Server" },
    { find: "sequel", with: "SQL" },
    { find: "Gonna", with: "going to" },
    { find: "917", with: "nine-one-seven" },
    { find: "SQL", with: "never" },
  ];
  test.each([
    ["we use sequel, server.", "We use SQL Server."],
    ["a sequel. server down.", "A sequel. Server down."],
    ["the sequel.", "The SQL."],
    ["gonna enter nine one seven, sequels.", "Going to enter nine-one-seven, sequels."],
  ])("is applied last, to whole words, the longest first: %s", (labelled, expected) => {
    expect(text(labelled, { replace })).toBe(expected);
  });

  test("merges words into the first", () => {
    expect(write("sequel server down.", { replace })).toEqual(["SQL Server", "", "down."]);
  });

  test.each([
    [[{ find: " ", with: "x" }], "say what to find"],
    [[{ find: "x", with: "" }], "must not be blank"],
    [[{ find: "x", with: "y".repeat(101) }], "longer than 100"],
    [Array.from({ length: 1001 }, (_, n) => ({ find: `${n}`, with: "y" })), "too many"],
  ])("refuses what makes no sense", (refused, message) => {
    expect(() => new Replacer(refused)).toThrow(message);
  });
});

describe("without labels", () => {
  const plain = (words: string, wishes: Wishes = {}) =>
    joinDisplays(
      writeSegment(words.split(" "), null, { begins: true, last: true }, styleWith(wishes, false), FORMS)
        .displays,
    );

  test("a segment is in lower case with a capital, numbers written, without marks", () => {
    expect(plain("I SAID ENTER NINE ONE SEVEN AND I'M SURE")).toBe("I said enter 917 and I'm sure");
  });
});
