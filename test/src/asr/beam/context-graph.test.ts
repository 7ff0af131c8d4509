import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ContextGraph, type ContextPhrase } from "../../../../src/asr/beam/context-graph.ts";
import { prefixBeamSearch } from "../../../../src/asr/beam/prefix-beam.ts";
import { bestOf, tableOf } from "./tables.ts";

const ANCHOR = 0;
/** '▁' and the letters A to Z as tokens 0 to 26. */
const spell = (text: string) =>
  [...text].map((letter) => (letter === "▁" ? ANCHOR : letter.charCodeAt(0) - 64));
const phrase = (text: string, boost = 3): ContextPhrase => ({ tokens: spell(text), boost });

/** Bonus after each token, walking the graph; the last value is after the end of the utterance. */
function walk(graph: ContextGraph, tokens: readonly number[]): number[] {
  const bonuses: number[] = [];
  let state = graph.start;
  let bonus = 0;
  for (const token of tokens) {
    const to = graph.step(state, token);
    bonus += graph.gain(state, to);
    state = to;
    bonuses.push(bonus);
  }
  return [...bonuses, bonus + graph.finalise(state)];
}

/** The definition, from the whole sequence: what is paid for good, and the best promise of an unfinished phrase. */
function definition(
  phrases: readonly ContextPhrase[],
  tokens: readonly number[],
  anchor: number | undefined,
) {
  const startsWith = (whole: readonly number[], part: readonly number[]) =>
    part.length <= whole.length && part.every((token, i) => token === whole[i]);
  let earned = 0;
  let pending = 0;
  for (let start = 0; start < tokens.length; start++) {
    if (anchor !== undefined && start > 0 && tokens[start - 1] !== anchor) continue;
    const rest = tokens.slice(start);
    const paid = phrases
      .filter((p) => p.tokens.length > 0 && startsWith(rest, p.tokens))
      .reduce((best, p) => Math.max(best, p.tokens.length * p.boost), 0);
    const promised = phrases
      .filter((p) => p.tokens.length > rest.length && startsWith(p.tokens, rest))
      .reduce((best, p) => Math.max(best, rest.length * p.boost), 0);
    earned += paid;
    pending = Math.max(pending, promised - paid);
  }
  return { earned, pending };
}

describe("context graph", () => {
  test("pays per token, and takes it back when the match is left", () => {
    const graph = ContextGraph.build([phrase("CAT")], { anchor: ANCHOR });
    expect(walk(graph, spell("CAB"))).toEqual([3, 6, 0, 0]);
    expect(walk(graph, spell("CAT▁B"))).toEqual([3, 6, 9, 9, 9, 9]);
  });

  test("keeps a phrase that ends the utterance, and takes back an unfinished one", () => {
    const graph = ContextGraph.build([phrase("CAT")], { anchor: ANCHOR });
    expect(walk(graph, spell("CAT"))).toEqual([3, 6, 9, 9]);
    expect(walk(graph, spell("CAT▁CA"))).toEqual([3, 6, 9, 9, 12, 15, 9]);
  });

  test("knows a phrase complete that begins another one", () => {
    const graph = ContextGraph.build([phrase("ANN"), phrase("ANNA▁B")], { anchor: ANCHOR });
    expect(walk(graph, spell("ANN"))).toEqual([3, 6, 9, 9]);
    expect(walk(graph, spell("ANNA▁C"))).toEqual([3, 6, 9, 12, 15, 9, 9]);
    expect(walk(graph, spell("ANNA▁B"))).toEqual([3, 6, 9, 12, 15, 18, 18]);
  });

  test("begins only at the beginning of a word, and pays nothing for '▁'", () => {
    const graph = ContextGraph.build([phrase("ANN")], { anchor: ANCHOR });
    expect(walk(graph, spell("BANANN"))).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(walk(graph, spell("▁▁ANN▁"))).toEqual([0, 0, 3, 6, 9, 9, 9]);
    expect(walk(graph, spell("AB▁ANN"))).toEqual([3, 0, 0, 3, 6, 9, 9]);
  });

  test("goes on with the match inside a match", () => {
    const graph = ContextGraph.build([phrase("BIG▁APPLE▁PIE"), phrase("APPLE▁TART")], { anchor: ANCHOR });
    const bonuses = walk(graph, spell("BIG▁APPLE▁TART"));
    expect(bonuses.slice(8, 12)).toEqual([27, 30, 21, 24]);
    expect(bonuses.at(-1)).toBe(30);
  });

  test("without an anchor, begins anywhere", () => {
    const graph = ContextGraph.build([phrase("ANN")]);
    expect(walk(graph, spell("BANANN"))).toEqual([0, 3, 6, 3, 6, 9, 9]);
  });

  test("does nothing without phrases", () => {
    expect(walk(ContextGraph.build([]), [1, 2, 3])).toEqual([0, 0, 0, 0]);
    expect(walk(ContextGraph.build([{ tokens: [], boost: 3 }], { anchor: 0 }), [0, 1])).toEqual([0, 0, 0]);
  });

  test("equals the definition on whole sequences, whatever overlaps", () => {
    const token = fc.integer({ min: 0, max: 3 });
    const phrases = fc.array(
      fc.record({
        tokens: fc.array(token, { minLength: 1, maxLength: 5 }),
        boost: fc.constantFrom(0.5, 1, 3, 10),
      }),
      { maxLength: 8 },
    );
    const sequences = fc.array(token, { maxLength: 25 });
    const property = fc.property(phrases, sequences, fc.boolean(), (hot, tokens, anchored) => {
      const graph = ContextGraph.build(hot, anchored ? { anchor: ANCHOR } : {});
      const bonuses = walk(graph, tokens);
      for (let n = 1; n <= tokens.length; n++) {
        const { earned, pending } = definition(hot, tokens.slice(0, n), anchored ? ANCHOR : undefined);
        expect(bonuses[n - 1]).toBeCloseTo(earned + pending, 9);
        const gain = bonuses[n - 1] - (bonuses[n - 2] ?? 0);
        expect(gain).toBeLessThanOrEqual(graph.maxGain + 1e-9);
      }
      const { earned } = definition(hot, tokens, anchored ? ANCHOR : undefined);
      expect(bonuses.at(-1)).toBeCloseTo(earned, 9);
    });
    fc.assert(property, { numRuns: 2000 });
  });
});

describe("hotwords in the beam", () => {
  // Tokens: 0 blank, 1 "A", 2 "B", 3 "C". The last frame wavers between B and C.
  const wavering = bestOf(
    tableOf([
      [0.02, 0.96, 0.01, 0.01],
      [0.02, 0.01, 0.37, 0.6],
    ]),
    4,
  );
  const search = (...phrases: ContextPhrase[]) =>
    prefixBeamSearch(wavering, { beam: 4, blank: 0, context: ContextGraph.build(phrases) });

  test("win an utterance that ends in one, and keep the bonus in the score", () => {
    const [best] = search({ tokens: [1, 2], boost: 3 });
    expect([...best.tokens]).toEqual([1, 2]);
    expect(best.contextScore).toBe(6);
    expect(best.ctcScore).toBeCloseTo(Math.log(0.96 * 0.37) + 6, 6);
  });

  test("lose it when they are left unfinished: the n-best is sorted anew without the promise", () => {
    const nbest = search({ tokens: [1, 2, 2, 2], boost: 3 });
    expect([...nbest[0].tokens]).toEqual([1, 3]);
    expect(nbest.map(({ contextScore }) => contextScore)).toEqual(nbest.map(() => 0));
    const scores = nbest.map(({ ctcScore }) => ctcScore);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });
});
