import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { BUNDLED_PACK, loadTranscriber } from "../../../bench/engine.ts";
import { SCORED, Scores } from "../../../bench/readable/scores.ts";
import { addAligned, readText, scoreSpeech } from "../../../bench/readable/speech.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const RECORDING = fileURLToPath(
  new URL("../../fixtures/utterances/slt-enter-nine-one-seven.wav", import.meta.url),
);

const f1s = (scores: Scores) => SCORED.map((name) => Number(scores.f1(name).toFixed(3)));

it("compares each word of a text with the one that was heard for it", () => {
  const scores = new Scores();
  const wrong = addAligned(
    scores,
    readText("Well, Nina came. Is it right?"),
    readText("Well, Tina, came is it a right?"),
  );
  // "Tina" for "Nina", and "a".
  expect(wrong).toBe(2);
  expect(scores.words).toBe(7);
  // A comma too many, the full stop and one capital of two missing ("Nina" was not heard: nobody can tell).
  expect(f1s(scores)).toEqual([0.667, 0, 1, 0.667, 0.667]);
});

it("counts a mark as missing where its word was not heard", () => {
  const scores = new Scores();
  expect(addAligned(scores, readText("Yes. No."), readText("Yes."))).toBe(1);
  expect(f1s(scores)).toEqual([0, 0.667, 0, 0.667, 1]);
});

it("takes dashes by themselves for no words", () => {
  expect(readText("“Well—” she said — O'Brien’s.").map(({ word }) => word)).toEqual([
    "well",
    "she",
    "said",
    "o'brien's",
  ]);
});

it("scores what the whole engine writes of recordings", async () => {
  const folder = await temporaryFolder();
  const transcriber = await loadTranscriber({ model: BUNDLED_PACK, device: "cpu" });
  try {
    const [bare, marked] = [join(folder, "bare.tsv"), join(folder, "marked.tsv")];
    const words = "ENTER NINE ONE SEVEN";
    await writeFile(bare, `path\ttranscript\n${RECORDING}\t${words}\n`);
    await expect(scoreSpeech(transcriber, bare)).rejects.toThrow(`${bare}:2: there is no column “text”`);
    const text = "Enter nine one seven.";
    await writeFile(marked, `path\ttranscript\ttext\n${RECORDING}\t${words}\t${text}\n`);
    const { recordings, wer, scores } = await scoreSpeech(transcriber, marked);
    expect({ recordings, wer, words: scores.words }).toEqual({ recordings: 1, wer: 0, words: 4 });
    expect(f1s(scores)).toEqual([0, 1, 0, 1, 1]);
  } finally {
    await transcriber.close();
  }
});
