import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { LanguageModel } from "../../../../src/asr/language-model/language-model.ts";
import { readNgrams } from "../../../../src/asr/language-model/read-ngrams.ts";

/** Written by training/tests/test_language_model.py. */
const FOLDER = new URL("../../../fixtures/language-model/", import.meta.url);

interface Golden {
  vocabulary: number;
  boundary: number;
  sentences: { tokens: number[]; log_probs: number[] }[];
}

it("a file that the recipe wrote says what the recipe's own reader says", async () => {
  const golden = JSON.parse(await readFile(new URL("ngrams.json", FOLDER), "utf8")) as Golden;
  const bytes = await readFile(new URL("ngrams.bin", FOLDER));
  const model = new LanguageModel(readNgrams(bytes, golden.vocabulary), golden.boundary);
  for (const { tokens, log_probs } of golden.sentences) {
    let state = model.start;
    for (const [at, token] of tokens.entries()) {
      state = model.step(state, token);
      expect(Math.abs(model.logProb - log_probs[at])).toBeLessThan(1e-5);
    }
  }
  expect(golden.sentences.length).toBe(40);
});
