import { describe, expect, it } from "vitest";
import { bestOfEachFrame } from "../../../../src/asr/inference/encode.ts";
import { alignTokens, ForcedAligner } from "../../../../src/asr/words/align.ts";
import { alignSparse } from "../../../../src/asr/words/sparse-ctc.ts";
import { readGolden } from "../golden.ts";

const aligner = new ForcedAligner();

describe("alignment by the best of each frame", () => {
  it("finds the spans that the full distributions give, for everything the search finds in the golden recordings", async () => {
    let spans = 0;
    for (const { ctc_log_probs, nbest } of await readGolden()) {
      const frames = ctc_log_probs.length;
      const vocab = ctc_log_probs[0].length;
      const logProbs = Float32Array.from(ctc_log_probs.flat());
      const candidates = bestOfEachFrame(logProbs, frames, vocab, 10);
      for (const hypothesis of nbest) {
        const tokens = Int32Array.from(hypothesis.tokens);
        const full = alignTokens({ logProbs, frames, vocab }, tokens, 0);
        expect(alignSparse(aligner, candidates, tokens, 0, vocab)).toEqual(full);
        spans += full?.length ?? 0;
      }
    }
    expect(spans).toBeGreaterThan(100);
  });

  it("gives a token that is none of the candidates an even share of the rest, and no more than the least of them", () => {
    // Two frames of five tokens: 0 blank, and 3 is never among the best two.
    const candidates = {
      logProbs: Float32Array.from([0.6, 0.3, 0.7, 0.2].map(Math.log)),
      tokens: Int32Array.from([1, 0, 2, 0]),
      ...{ frames: 2, k: 2 },
    };
    expect(alignSparse(aligner, candidates, Int32Array.of(1, 2), 0, 5)).toEqual([
      { startFrame: 0, endFrame: 1, peakFrame: 0 },
      { startFrame: 1, endFrame: 2, peakFrame: 1 },
    ]);
    // 0.1 / 3 in the first frame against 0.1 / 3 in the second: beside the blanks 0.3 and 0.2 the second is better.
    expect(alignSparse(aligner, candidates, Int32Array.of(3), 0, 5)).toEqual([
      { startFrame: 1, endFrame: 2, peakFrame: 1 },
    ]);
    expect(alignSparse(aligner, candidates, Int32Array.of(1, 2, 3), 0, 5)).toBeNull();
  });
});
