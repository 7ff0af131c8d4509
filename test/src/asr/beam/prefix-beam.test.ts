import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ContextGraph } from "../../../../src/asr/beam/context-graph.ts";
import { LanguageScorer } from "../../../../src/asr/beam/language-scorer.ts";
import { type Hypothesis, PrefixBeamSearch, prefixBeamSearch } from "../../../../src/asr/beam/prefix-beam.ts";
import { EngineError } from "../../../../src/asr/errors.ts";
import { LanguageModel } from "../../../../src/asr/language-model/language-model.ts";
import { readNgrams } from "../../../../src/asr/language-model/read-ngrams.ts";
import { bytesOf, randomNgrams } from "../language-model/plain-ngrams.ts";
import { type Found, referenceSearch, TIE } from "./reference.ts";
import { allPaths, bestOf, peakOf, randomTable, runsOf, type Table, tableOf } from "./tables.ts";

const BLANK = 0;
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const found = (all: Hypothesis[]) =>
  all.map(({ tokens, peaks }) => ({ tokens: [...tokens], peaks: [...peaks] }));

/** Scores must be equal one by one, texts and peaks as well; those of equal scores come in any order. */
function expectSame(nbest: Hypothesis[], expected: Found[]): void {
  expect(nbest.length).toBe(expected.length);
  for (const [i, { ctcScore }] of nbest.entries())
    expect(Math.abs(ctcScore - expected[i].ctcScore)).toBeLessThan(TIE);
  for (let from = 0, to = 0; from < expected.length; from = to) {
    do to++;
    while (to < expected.length && expected[to - 1].ctcScore - expected[to].ctcScore < TIE);
    const texts = (all: { tokens: ArrayLike<number>; peaks: ArrayLike<number> }[]) =>
      all.slice(from, to).map(({ tokens, peaks }) => `${Array.from(tokens)} at ${Array.from(peaks)}`);
    expect(texts(nbest).sort()).toEqual(texts(expected).sort());
  }
}

/** Of every prefix: its exact probability, and the peaks of its best single path. */
function everyPrefix(table: Table) {
  const prefixes = new Map<string, { probability: number; best: number; peaks: number[] }>();
  for (const { path, logProb } of allPaths(table)) {
    const runs = runsOf(path, BLANK);
    const key = runs.map(({ token }) => token).join();
    const prefix = prefixes.get(key) ?? { probability: 0, best: Number.NEGATIVE_INFINITY, peaks: [] };
    prefixes.set(key, prefix);
    prefix.probability += Math.exp(logProb);
    if (logProb <= prefix.best) continue;
    prefix.best = logProb;
    prefix.peaks = runs.map((run) => peakOf(table, run));
  }
  return prefixes;
}

describe("prefix beam search", () => {
  test("tries so many of a frame's tokens as it is told, and as many as prefixes otherwise", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const table = randomTable(seed, 6, 8, 4);
        const search = (k: number, width?: number) =>
          prefixBeamSearch(bestOf(table, k), {
            beam: 5,
            blank: BLANK,
            ...(width !== undefined && { width }),
          });
        expect(search(8, 3)).toEqual(search(3));
        expect(search(8)).toEqual(search(5));
        expect(search(8, 100)).toEqual(search(8, 8));
      }),
    );
  });

  test("gives the golden vector of a table small enough for a hand", () => {
    const table = tableOf([
      [0.25, 0.4, 0.35],
      [0.4, 0.35, 0.25],
      [0.1, 0.5, 0.4],
    ]);
    const nbest = prefixBeamSearch(bestOf(table, 3), { beam: 3, blank: BLANK });
    // Best paths: 2_1, 1_2 and 111, the last one most probable in frame 2.
    expect(found(nbest)).toEqual([
      { tokens: [2, 1], peaks: [0, 2] },
      { tokens: [1, 2], peaks: [0, 2] },
      { tokens: [1], peaks: [2] },
    ]);
    const probabilities = nbest.map(({ ctcScore }) => Math.exp(ctcScore));
    for (const [i, p] of [0.2185, 0.155, 0.1525].entries()) expect(probabilities[i]).toBeCloseTo(p, 6);
  });

  test.each([
    { rises: [0.6, 0.8, 0.9], peak: 2 },
    { rises: [0.6, 0.9, 0.8], peak: 1 },
    { rises: [0.9, 0.8, 0.6], peak: 0 },
    { rises: [0.8, 0.8, 0.8], peak: 0 },
  ])("puts a token at the peak of its run: $rises", ({ rises, peak }) => {
    const table = tableOf([...rises.map((p) => [1 - p, p]), [0.99, 0.01]]);
    const [best] = prefixBeamSearch(bestOf(table, 2), { beam: 2, blank: BLANK });
    expect(found([best])).toEqual([{ tokens: [1], peaks: [peak] }]);
  });

  test("agrees with brute force over all alignments when the beam holds every prefix", () => {
    const sizes = fc.tuple(seeds, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 2, max: 4 }));
    const property = fc.property(sizes, fc.constantFrom(0.5, 3, 9), ([seed, frames, vocab], spread) => {
      const table = randomTable(seed, frames, vocab, spread);
      const nbest = prefixBeamSearch(bestOf(table, vocab), { beam: 1100, blank: BLANK });
      const expected = everyPrefix(table);
      expect(nbest.length).toBe(expected.size);
      for (const { tokens, ctcScore, peaks } of nbest) {
        const prefix = expected.get(tokens.join());
        expect(Math.abs(ctcScore - Math.log(prefix?.probability ?? 0))).toBeLessThan(1e-9);
        expect([...peaks]).toEqual(prefix?.peaks);
      }
    });
    fc.assert(property, { numRuns: 60 });
  });

  test("agrees with the plain reference on larger tables, with and without hotwords and a language model", () => {
    const searcher = new PrefixBeamSearch();
    const phrase = fc.record({
      tokens: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }),
      boost: fc.double({ min: 0.5, max: 5, noNaN: true }),
    });
    const contexts = fc.option(
      fc.record({ phrases: fc.array(phrase, { maxLength: 20 }), anchored: fc.boolean() }),
    );
    const languages = fc.option(
      fc.record({
        weight: fc.constantFrom(0.25, 1),
        priorWeight: fc.constantFrom(0, 0.5),
        tokenBonus: fc.constantFrom(-0.5, 0, 2),
      }),
    );
    const shapes = fc.record({
      seed: seeds,
      spread: fc.constantFrom(2, 6, 14),
      beam: fc.constantFrom(1, 3, 10),
    });
    const property = fc.property(shapes, contexts, languages, ({ seed, spread, beam }, hot, weights) => {
      const candidates = bestOf(randomTable(seed, 100, 31, spread), 10);
      const context = hot && ContextGraph.build(hot.phrases, hot.anchored ? { anchor: 29 } : {});
      const ngrams = weights && readNgrams(bytesOf(randomNgrams(seed, 3, 31, 30)), 31);
      const language = ngrams && new LanguageScorer(new LanguageModel(ngrams, 30), weights);
      const options = { beam, blank: BLANK, ...(context && { context }), ...(language && { language }) };
      const nbest = searcher.search(candidates, options);
      const { found, tied } = referenceSearch(candidates, options);
      // Rare: both are right, and from there on they may differ in everything.
      fc.pre(!tied);
      expectSame(nbest, found);
    });
    fc.assert(property, { numRuns: 60 });
  });

  test("gives a prefix that drops out and comes back its old place, so that its children still merge", () => {
    // Few tokens and many frames make this happen in most tables.
    for (let seed = 0; seed < 40; seed++) {
      const candidates = bestOf(randomTable(seed, 40, 3, 6), 3);
      const options = { beam: 10, blank: BLANK };
      const nbest = prefixBeamSearch(candidates, options);
      const { found, tied } = referenceSearch(candidates, options);
      expect(tied).toBe(false);
      expectSame(nbest, found);
    }
  });

  test("gives unique hypotheses, best first, the same from a used searcher as from a new one", () => {
    const used = new PrefixBeamSearch();
    const shapes = fc.record({
      seed: seeds,
      frames: fc.integer({ min: 0, max: 80 }),
      vocab: fc.integer({ min: 2, max: 40 }),
      beam: fc.integer({ min: 1, max: 12 }),
      k: fc.integer({ min: 1, max: 12 }),
    });
    const property = fc.property(shapes, ({ seed, frames, vocab, beam, k }) => {
      const candidates = bestOf(randomTable(seed, frames, vocab, 8), Math.min(k, vocab));
      const nbest = used.search(candidates, { beam, blank: BLANK });
      expect(nbest).toEqual(prefixBeamSearch(candidates, { beam, blank: BLANK }));
      expect(nbest.length).toBeGreaterThan(0);
      expect(nbest.length).toBeLessThanOrEqual(beam);
      expect(new Set(nbest.map(({ tokens }) => tokens.join())).size).toBe(nbest.length);
      for (const [i, { ctcScore, peaks, tokens }] of nbest.entries()) {
        expect(ctcScore).toBeLessThanOrEqual(i === 0 ? 1e-5 : nbest[i - 1].ctcScore);
        expect(tokens).not.toContain(BLANK);
        const ordered = peaks.every((peak, j) => peak > (j === 0 ? -1 : peaks[j - 1]) && peak < frames);
        expect(ordered).toBe(true);
      }
    });
    fc.assert(property, { numRuns: 200 });
  });

  test("knows the empty hypothesis: alone without frames, and first when all is blank", () => {
    const nothing = { tokens: new Int32Array(), ctcScore: 0, contextScore: 0, peaks: new Int32Array() };
    const noFrames = bestOf(tableOf([]), 0);
    expect(prefixBeamSearch(noFrames, { beam: 10, blank: BLANK })).toEqual([nothing]);
    const silence = bestOf(tableOf([1, 2, 3].map(() => [0.98, 0.01, 0.01])), 3);
    expect([...prefixBeamSearch(silence, { beam: 10, blank: BLANK })[0].tokens]).toEqual([]);
  });

  test("reads a token twice only across a blank", () => {
    const twice = bestOf(
      tableOf([
        [0.1, 0.9],
        [0.9, 0.1],
        [0.1, 0.9],
      ]),
      2,
    );
    const once = bestOf(
      tableOf([
        [0.1, 0.9],
        [0.1, 0.9],
        [0.1, 0.9],
      ]),
      2,
    );
    expect([...prefixBeamSearch(twice, { beam: 4, blank: BLANK })[0].tokens]).toEqual([1, 1]);
    expect([...prefixBeamSearch(once, { beam: 4, blank: BLANK })[0].tokens]).toEqual([1]);
  });

  test("settles equal totals in favour of the prefix that was there, then of the better token", () => {
    const even = bestOf(tableOf([[0.25, 0.25, 0.25, 0.25]]), 4);
    const nbest = prefixBeamSearch(even, { beam: 3, blank: BLANK });
    expect(nbest.map(({ tokens }) => [...tokens])).toEqual([[], [1], [2]]);
  });

  test.each([Number.NaN, Number.NEGATIVE_INFINITY])("refuses a frame of %s", (value) => {
    const table = { logProbs: new Float32Array(6).fill(value), frames: 2, vocab: 3 };
    const search = () => prefixBeamSearch(bestOf(table, 3), { beam: 3, blank: BLANK });
    expect(search).toThrow(EngineError);
  });

  test.each([0, -1, 2.5, Number.NaN])("refuses a beam of %s", (beam) => {
    const search = () => prefixBeamSearch(bestOf(tableOf([[0.5, 0.5]]), 2), { beam, blank: BLANK });
    expect(search).toThrow(EngineError);
  });
});
