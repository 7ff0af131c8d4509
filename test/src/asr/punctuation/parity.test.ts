import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PunctuatorSession } from "../../../../src/asr/engine/punctuator-session.ts";
import { openPunctuator, type Punctuator } from "../../../../src/asr/punctuation/open-punctuator.ts";
import {
  LabelWindows,
  type RunWindow,
  type SpelledWord,
  type WordScores,
} from "../../../../src/asr/punctuation/windows.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { PACK } from "../golden.ts";

const RANDOM = fileURLToPath(new URL("../../../fixtures/punctuator/random", import.meta.url));

/** Words, silences and what training/punctuation/pack.py says of them: training/tests/punctuators.py. */
interface GoldenText {
  words: string[];
  pauses: [number, number][];
  cases: number[][];
  marks: number[][];
}

let punctuator: Punctuator;
let session: PunctuatorSession;
let golden: GoldenText[];
beforeAll(async () => {
  punctuator = await openPunctuator(RANDOM);
  session = await PunctuatorSession.open(punctuator.graph);
  golden = JSON.parse(await readFile(`${RANDOM}/golden.json`, "utf8")) as GoldenText[];
});
afterAll(() => session.close());

function spelled({ words, pauses }: GoldenText): SpelledWord[] {
  return words.map((word, n) => ({
    pieces: punctuator.speller.spell(word),
    before: pauses[n][0],
    after: pauses[n][1],
  }));
}

/** The text's words in parts of so many, each when the one before has been taken. */
async function label(words: readonly SpelledWord[], together: number): Promise<WordScores[]> {
  const run: RunWindow = (pieces, pauses) => session.label(pieces, pauses);
  const windows = new LabelWindows(run, punctuator.shape);
  const found: WordScores[] = [];
  for (let at = 0; at < words.length; at += together)
    found.push(...(await windows.push(words.slice(at, at + together))));
  return [...found, ...(await windows.finish())];
}

describe("the labels of words", () => {
  test("are the recipe's own, over windows too", async () => {
    let most = 0;
    for (const text of golden) {
      const found = await label(spelled(text), text.words.length);
      expect(found).toHaveLength(text.words.length);
      for (const [n, { cases, marks }] of found.entries()) {
        const expected = [...text.cases[n], ...text.marks[n]];
        for (const [k, value] of [...cases, ...marks].entries())
          most = Math.max(most, Math.abs(value - expected[k]));
      }
    }
    expect(most).toBeLessThan(1e-3);
    const pieces = spelled(golden[3]).reduce((sum, word) => sum + word.pieces.length, 0);
    expect(pieces).toBeGreaterThan(3 * punctuator.shape.window);
  });

  test.each([1, 2, 7])("do not depend on how many words come at once: %d", async (together) => {
    for (const text of golden) {
      const words = spelled(text);
      expect(await label(words, together)).toEqual(await label(words, words.length));
    }
  });

  test("are none for no words", async () => expect(await label([], 1)).toEqual([]));

  test("apostrophes around a word and its case are not looked at", () => {
    const { speller } = punctuator;
    for (const word of ["'that'", "THAT", "that’"])
      expect(speller.spell(word)).toEqual(speller.spell("that"));
    expect(speller.spell("she’s")).toEqual(speller.spell("she's"));
    expect(speller.spell("'")).toHaveLength(1);
  });
});

describe("a punctuator's folder", () => {
  const spoilt = async (spoil: (folder: string) => Promise<void>) => {
    const folder = await temporaryFolder();
    await cp(RANDOM, folder, { recursive: true });
    await spoil(folder);
    return openPunctuator(folder);
  };
  const described = (changes: object) => async (folder: string) => {
    const path = `${folder}/punctuator.json`;
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, "utf8")), ...changes }));
  };

  test.each(["punctuator.onnx", "punctuator.tokens.txt", "punctuator.words.txt"])(
    "with another %s than the one described is refused",
    async (name) => {
      const change = async (folder: string) => {
        const content = await readFile(`${folder}/${name}`);
        content[content.length >> 1] ^= 1;
        await writeFile(`${folder}/${name}`, content);
      };
      await expect(spoilt(change)).rejects.toMatchObject({
        code: "pack_file_changed",
        message: expect.stringContaining(name),
      });
      await expect(spoilt((folder) => rm(`${folder}/${name}`))).rejects.toMatchObject({
        code: "pack_file_missing",
        message: expect.stringContaining(name),
      });
    },
  );

  test.each([
    ["of a newer format", { format: 2 }, "format"],
    ["whose windows are all margin", { window: 10, margin: 5 }, "twice the margin"],
  ])("%s is refused", async (_, changes, message) => {
    await expect(spoilt(described(changes))).rejects.toMatchObject({
      code: "pack_invalid",
      message: expect.stringContaining(message),
    });
  });
});

test("the bundled pack's punctuator reads a long text less than twice", async () => {
  const { window, margin } = (await openPunctuator(PACK)).shape;
  // 1.6 times is 2.7 % of the engine's time (bench/NOTES.md), which may be 5.
  expect(window / (window - 2 * margin)).toBeLessThan(2);
});
