import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { prefixBeamSearch } from "../../../../src/asr/beam/prefix-beam.ts";
import { loadPack } from "../../../../src/asr/pack/load-pack.ts";
import { PACK, packLanguage } from "../golden.ts";
import { bestOf, tableOf } from "./tables.ts";

interface Golden {
  utterances: {
    wav: string;
    ctc_log_probs: number[][]; // [frames][vocab], rounded to 3 decimals
    nbest: { tokens: number[]; ctc: number }[];
  }[];
}

const golden: Golden = JSON.parse(readFileSync(`${PACK}/golden.json`, "utf8"));
const language = await packLanguage(await loadPack(PACK));

describe.each(golden.utterances)(
  "the beam over the pack's golden log-probs of $wav",
  ({ ctc_log_probs, nbest }) => {
    const candidates = bestOf(
      tableOf(ctc_log_probs, (logProb) => logProb),
      10,
    );
    const ours = prefixBeamSearch(candidates, { beam: 10, blank: 0, ...language });

    test("finds the same ten hypotheses with the same scores", () => {
      const scores = new Map(ours.map(({ tokens, ctcScore }) => [tokens.join(), ctcScore]));
      expect(scores.size).toBe(nbest.length);
      for (const { tokens, ctc } of nbest) {
        expect(Math.abs((scores.get(tokens.join()) ?? Number.NaN) - ctc)).toBeLessThan(5e-3);
      }
    });

    test("puts them in the same order wherever their scores are apart", () => {
      const place = new Map(ours.map(({ tokens }, i) => [tokens.join(), i]));
      for (const [i, a] of nbest.entries()) {
        for (const b of nbest.slice(i + 1)) {
          if (a.ctc - b.ctc < 2e-3) continue;
          expect(place.get(a.tokens.join())).toBeLessThan(place.get(b.tokens.join()) ?? -1);
        }
      }
    });
  },
);
