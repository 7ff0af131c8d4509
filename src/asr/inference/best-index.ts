/** The decoder of a WeNet export: it adds up the scores itself and tells no more than which hypothesis is the best. */
import { Tensor } from "onnxruntime-node";
import { EngineError } from "../errors.ts";
import { packHypotheses } from "../rescoring/pack.ts";
import type { Ranked } from "../rescoring/rescore.ts";
import type { EncodedBatch } from "./encode.ts";
import { decoderCalls, encoderFeeds, type NBests, widestHypothesis } from "./score.ts";
import type { Sessions } from "./sessions.ts";

const REVERSED = "r_hyps_pad_sos_eos";

/**
 * Rank every utterance's n-best: the decoder's choice among the first `places`, then the others in their order. No
 * confidences. Returns the rankings and the time, in ms.
 */
export async function chooseBest(
  { decoder, decoderElements }: Sessions,
  places: number,
  batch: EncodedBatch,
  nbests: NBests,
  ids: { sosId: number; eosId: number },
): Promise<{ rankings: Ranked[][]; decoderMs: number }> {
  const rankings: Ranked[][] = [];
  let decoderMs = 0;
  // The decoder's softmax, or the encoder's output: the graph repeats it for each hypothesis.
  const elements = (part: NBests) =>
    part.length *
    places *
    Math.max(widestHypothesis(part) * batch.vocabularySize, batch.maxFrames * batch.dimension);
  for (const [from, to] of decoderCalls(nbests, elements, decoderElements)) {
    const part = nbests.slice(from, to);
    const { [REVERSED]: reversed, ...feeds } = hypothesisFeeds(part, places, ids);
    const inputs = { ...encoderFeeds(batch, from, to), ...feeds };
    const started = performance.now();
    const { best_index: best } = await decoder.run(
      decoder.inputNames.includes(REVERSED) ? { ...inputs, [REVERSED]: reversed } : inputs,
    );
    decoderMs += performance.now() - started;
    const indices = best.data as BigInt64Array; // [b]
    rankings.push(...part.map((nbest, index) => rank(nbest.length, Number(indices[index]), places)));
  }
  return { rankings, decoderMs };
}

/**
 * Places beyond the n-best repeat the first hypothesis, score and all. WeNet's own scripts put −∞ there, which a CTC weight
 * of 0 would turn into NaN, the greatest number of all to its argmax.
 */
function hypothesisFeeds(nbests: NBests, places: number, { sosId, eosId }: { sosId: number; eosId: number }) {
  const count = nbests.length;
  const width = widestHypothesis(nbests) + 1; // with sos and eos
  const hyps = new BigInt64Array(count * places * width); // [b, K, L+2]
  const reversed = new BigInt64Array(count * places * width); // [b, K, L+2]
  const lens = new Int32Array(count * places); // [b, K]
  const scores = new Float32Array(count * places); // [b, K]
  for (const [index, nbest] of nbests.entries()) {
    const rows = Array.from({ length: places }, (_, place) => nbest[place] ?? nbest[0]);
    const range = [index * places * width, (index + 1) * places * width] as const;
    const lensHere = lens.subarray(index * places, (index + 1) * places);
    packHypotheses(rows, places, width, sosId, eosId, { hyps: hyps.subarray(...range), lens: lensHere });
    const backwards = rows.map(({ tokens }) => ({ tokens: tokens.toReversed() }));
    packHypotheses(backwards, places, width, sosId, eosId, {
      hyps: reversed.subarray(...range),
      lens: lensHere,
    });
    scores.set(
      rows.map(({ ctcScore }) => ctcScore),
      index * places,
    );
  }
  return {
    hyps_pad_sos_eos: new Tensor("int64", hyps, [count, places, width]),
    [REVERSED]: new Tensor("int64", reversed, [count, places, width]),
    hyps_lens_sos: new Tensor("int32", lens, [count, places]),
    ctc_score: new Tensor("float32", scores, [count, places]),
  };
}

/** Of `count` hypotheses in `places` places, the decoder having chosen `best`. Throws EngineError engine_failed. */
export function rank(count: number, best: number, places: number): Ranked[] {
  if (!(best >= 0 && best < places))
    throw new EngineError("engine_failed", `The decoder chose hypothesis ${best} of ${places}.`);
  // A place beyond the n-best holds the first hypothesis, and can win by a rounding error.
  const winner = best < count ? best : 0;
  const others = Array.from({ length: count }, (_, order) => order).filter((order) => order !== winner);
  return [winner, ...others].map((order) => ({ order, confidence: null, tokenConfidences: null }));
}
