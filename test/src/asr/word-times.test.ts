import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { collect, Transcriber } from "../../../src/asr/index.ts";
import { FIXTURES, fixtureUtterances } from "./fixtures.ts";
import { PACK } from "./golden.ts";

let transcriber: Transcriber;
beforeAll(async () => {
  transcriber = await Transcriber.load(PACK, { device: "cpu", sessions: 1 });
});
afterAll(() => transcriber.close());

/** When the synthesiser said each word, in seconds, as `flite -psdur` tells: by recording, in order. */
async function spokenWords(): Promise<Map<string, { word: string; start: number; end: number }[]>> {
  const [, ...lines] = (await readFile(`${FIXTURES}/word-times.tsv`, "utf8")).trim().split("\n");
  const rows = lines.map((line) => line.split("\t"));
  const words = rows.map(([path, word, start, end]) => ({
    path,
    word,
    start: Number(start),
    end: Number(end),
  }));
  return Map.groupBy(words, ({ path }) => `${FIXTURES}/${path}`);
}

it("word times are within 80 ms, on average, of the synthesiser's that spoke them", async () => {
  const spoken = await spokenWords();
  const differences: number[] = [];
  for (const { path, transcript } of await fixtureUtterances()) {
    const found = (await collect(transcriber.transcribe(path))).flatMap(({ words }) => words);
    expect(found.map(({ word }) => word).join(" ")).toBe(transcript);
    for (const [index, { word, start, end }] of (spoken.get(path) ?? []).entries()) {
      expect(found[index].word).toBe(word);
      differences.push(Math.abs(found[index].start - start), Math.abs(found[index].end - end));
    }
  }
  expect(differences).toHaveLength(2 * 64);
  expect(differences.reduce((sum, one) => sum + one, 0) / differences.length).toBeLessThan(0.08);
});
