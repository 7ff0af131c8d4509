import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alignTokens, ForcedAligner } from "../../../../src/asr/words/align.ts";
import { allPaths, peakOf, randomTable, runsOf, type Table, tableOf } from "../beam/tables.ts";

const BLANK = 0;

/** The best path that reads as the tokens, found by trying all. */
function bruteForce(table: Table, tokens: readonly number[]) {
  let best: { logProb: number; path: number[] } | undefined;
  for (const { path, logProb } of allPaths(table)) {
    const reads = runsOf(path, BLANK).map(({ token }) => token);
    if (reads.join() === tokens.join() && logProb > (best?.logProb ?? Number.NEGATIVE_INFINITY)) {
      best = { logProb, path };
    }
  }
  if (best === undefined) return null;
  return runsOf(best.path, BLANK).map((run) => ({
    startFrame: run.from,
    endFrame: run.to,
    peakFrame: peakOf(table, run),
  }));
}

describe("forced alignment", () => {
  test("agrees with brute force over all paths", () => {
    const aligner = new ForcedAligner();
    const shapes = fc.record({
      seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      frames: fc.integer({ min: 1, max: 6 }),
      vocab: fc.integer({ min: 2, max: 4 }),
      spread: fc.constantFrom(0.5, 3, 9),
      picks: fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 5 }),
    });
    const property = fc.property(shapes, ({ seed, frames, vocab, spread, picks }) => {
      const table = randomTable(seed, frames, vocab, spread);
      const tokens = picks.map((pick) => 1 + (pick % (vocab - 1)));
      const spans = aligner.align(table, Int32Array.from(tokens), BLANK);
      expect(spans).toEqual(bruteForce(table, tokens));
    });
    fc.assert(property, { numRuns: 250 });
  });

  test("keeps a blank between two equal tokens", () => {
    const table = tableOf([
      [0.1, 0.9],
      [0.4, 0.6],
      [0.1, 0.9],
    ]);
    expect(alignTokens(table, Int32Array.of(1, 1), BLANK)).toEqual([
      { startFrame: 0, endFrame: 1, peakFrame: 0 },
      { startFrame: 2, endFrame: 3, peakFrame: 2 },
    ]);
    expect(alignTokens(table, Int32Array.of(1), BLANK)).toEqual([
      { startFrame: 0, endFrame: 3, peakFrame: 0 },
    ]);
  });

  test("gives null where no path exists", () => {
    const table = randomTable(1, 4, 4, 3);
    expect(alignTokens(table, Int32Array.of(1, 2, 3, 1, 2), BLANK)).toBeNull();
    expect(alignTokens(table, Int32Array.of(1, 1, 1), BLANK)).toBeNull();
    expect(alignTokens(tableOf([]), Int32Array.of(1), BLANK)).toBeNull();
    const impossible = tableOf([[0.5, 0.5, 0]]);
    expect(alignTokens(impossible, Int32Array.of(2), BLANK)).toBeNull();
  });

  test("of no tokens is empty", () => {
    expect(alignTokens(randomTable(1, 4, 4, 3), new Int32Array(), BLANK)).toEqual([]);
    expect(alignTokens(tableOf([]), new Int32Array(), BLANK)).toEqual([]);
  });

  test("gives spans in order and without overlap on long utterances", () => {
    const aligner = new ForcedAligner();
    const property = fc.property(fc.integer(), fc.integer({ min: 0, max: 60 }), (seed, n) => {
      const table = randomTable(seed, 200, 31, 10);
      const tokens = Int32Array.from({ length: n }, (_, i) => 1 + ((((seed + i * i) % 30) + 30) % 30));
      const spans = aligner.align(table, tokens, BLANK) ?? [];
      expect(spans.length).toBe(n);
      let end = 0;
      for (const span of spans) {
        expect(span.startFrame).toBeGreaterThanOrEqual(end);
        expect(span.peakFrame).toBeGreaterThanOrEqual(span.startFrame);
        expect(span.endFrame).toBeGreaterThan(span.peakFrame);
        end = span.endFrame;
      }
      expect(end).toBeLessThanOrEqual(200);
    });
    fc.assert(property, { numRuns: 40 });
  });
});
