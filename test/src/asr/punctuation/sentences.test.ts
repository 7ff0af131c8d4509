import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PunctuatorSession } from "../../../../src/asr/engine/punctuator-session.ts";
import { openPunctuator, type Punctuator } from "../../../../src/asr/punctuation/open-punctuator.ts";
import { LabelWindows, type RunWindow } from "../../../../src/asr/punctuation/windows.ts";
import { PhraseFinder } from "../../../../src/asr/readable/phrases.ts";
import { type Heard, type Readable, ReadableText } from "../../../../src/asr/readable/readable-text.ts";
import { Replacer } from "../../../../src/asr/readable/replace.ts";
import type { Style } from "../../../../src/asr/readable/style.ts";

/** Its weights are set by hand (training/tests/punctuators.py): silences are marks, and it knows some names. */
const BY_HAND = fileURLToPath(new URL("../../../fixtures/punctuator/by-hand", import.meta.url));
const STYLE: Style = {
  punctuate: true,
  capitals: false,
  numerals: true,
  hotwords: new PhraseFinder([]),
  replacer: new Replacer([]),
};

let punctuator: Punctuator;
let session: PunctuatorSession;
beforeAll(async () => {
  punctuator = await openPunctuator(BY_HAND);
  session = await PunctuatorSession.open(punctuator.graph);
});
afterAll(() => session.close());

/** `_` is 0.1 s of silence, `/` ends a segment; each word takes 0.3 s. */
function speak(text: string): Heard[] {
  let at = 0;
  return text.split(" / ").map((segment) => {
    const words = segment.split(" ").flatMap((part) => {
      const start = at;
      at += part.startsWith("_") ? 0.1 * part.length : 0.3;
      return part.startsWith("_") ? [] : [{ word: part.toUpperCase(), start, end: at, confidence: 1 }];
    });
    return { text: words.map(({ word }) => word).join(" "), words };
  });
}

async function read(segments: readonly Heard[]): Promise<{ texts: string[]; delays: number[] }> {
  const run: RunWindow = (pieces, pauses) => session.label(pieces, pauses);
  const text = new ReadableText(STYLE, { punctuator, windows: new LabelWindows(run, punctuator.shape) });
  const done: Readable<Heard>[] = [];
  const delays: number[] = [];
  for (const [n, segment] of segments.entries()) {
    done.push(...(await text.push(segment)));
    delays.push(n + 1 - done.length);
  }
  done.push(...(await text.finish()));
  expect(done.map(({ verbatimText }) => verbatimText)).toEqual(segments.map((segment) => segment.text));
  return { texts: done.map((segment) => segment.text), delays };
}

const textsOf = async (text: string) => (await read(speak(text))).texts;

describe("sentences", () => {
  test("end where the punctuator hears them end, over segments", async () => {
    expect(
      await textsOf("so nina went ___ / to london ______ / is mcdonald there ________ yes ___ says nasa"),
    ).toEqual(["So Nina went,", "to London.", "Is McDonald there? Yes, says NASA."]);
  });

  test("end with the recording, whatever is missing", async () => {
    expect(await textsOf("go")).toEqual(["Go."]);
    expect(await textsOf("so it was ______ and / then ___ / so")).toEqual(["So it was. And", "then,", "so."]);
  });

  test("are the same wherever segments end, however long the text is", async () => {
    const words = "the cat ___ nina ______ is it right ______ iphone and nasa ___ said mcdonald ________";
    const text = Array<string>(12).fill(words).join(" ");
    const [whole] = await textsOf(text);
    for (const every of [1, 2, 5, 13]) {
      const spoken = text.match(/[a-z]+(?: _+)?/g) ?? [];
      const cut = spoken.map((word, n) => (n > 0 && n % every === 0 ? `/ ${word}` : word)).join(" ");
      const pieces = await textsOf(cut);
      expect(pieces.length).toBeGreaterThan(5);
      expect(pieces.join(" ")).toBe(whole);
    }
    expect(whole.match(/The cat, Nina\. Is it right\? iPhone and NASA, said McDonald\./g)).toHaveLength(12);
  });

  test("keep segments waiting for a window's worth of words at most", async () => {
    const { window } = punctuator.shape;
    const { delays } = await read(speak(Array<string>(60).fill("a cat / the mat / nina").join(" / ")));
    expect(Math.max(...delays)).toBeGreaterThan(3);
    expect(Math.max(...delays)).toBeLessThan(window);
  });

  test("a segment without words passes by in its turn", async () => {
    const [first, last] = speak("go / on");
    expect((await read([first, { text: "…", words: [] }, last])).texts).toEqual(["Go", "…", "on."]);
  });
});
