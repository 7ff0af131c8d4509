import { Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PrefixBeamSearch } from "../../../../src/asr/beam/prefix-beam.ts";
import { encodeBatch } from "../../../../src/asr/inference/encode.ts";
import { scoreBatch } from "../../../../src/asr/inference/score.ts";
import { closeSessions, openSessions, type Sessions } from "../../../../src/asr/inference/sessions.ts";
import { loadPack, type ModelPack } from "../../../../src/asr/pack/load-pack.ts";
import { rescore } from "../../../../src/asr/rescoring/rescore.ts";
import { tokensToText } from "../../../../src/asr/words/vocabulary.ts";
import { type GoldenUtterance, PACK, packLanguage, packWeights, readGolden, readSamples } from "../golden.ts";

let sessions: Sessions;
let pack: ModelPack;
let golden: GoldenUtterance[];

beforeAll(async () => {
  pack = await loadPack(PACK);
  sessions = await openSessions(PACK, "cpu", 1);
  golden = await readGolden();
});
afterAll(() => closeSessions(sessions));

const samplesOf = (utterance: GoldenUtterance) => readSamples(`${PACK}/${utterance.wav}`);

function largestDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length);
  return Math.max(...Array.from(expected, (value, index) => Math.abs(value - found[index])));
}

describe("the pack gives the exporter's golden values", () => {
  it("features of the first frame and the mean of every bin", async () => {
    for (const utterance of golden) {
      const samples = await samplesOf(utterance);
      const { features, feature_lens: lens } = await sessions.frontend.run({
        waveform: new Tensor("float32", samples, [1, samples.length]),
        waveform_lens: new Tensor("int64", BigInt64Array.of(BigInt(samples.length)), [1]),
      });
      const frames = (lens.data as Int32Array)[0];
      expect(samples.length).toBe(utterance.samples);
      expect(frames).toBe(utterance.feature_frames);
      const data = features.data as Float32Array; // [1, T, 80]
      expect(largestDifference(data.subarray(0, 80), utterance.features_first_frame)).toBeLessThan(1e-3);
      const means = new Float64Array(80);
      for (let index = 0; index < frames * 80; index++) means[index % 80] += data[index] / frames;
      expect(largestDifference(means, utterance.features_mean_per_bin)).toBeLessThan(1e-3);
    }
  });

  it("CTC log-probs of every frame", async () => {
    for (const utterance of golden) {
      const batch = await encodeBatch(sessions, [await samplesOf(utterance)], 10);
      expect(batch.frames[0]).toBe(utterance.encoder_frames);
      // Compared as probabilities too: −45 and −46 are both "never".
      expect(
        largestDifference(batch.ctcLogProbs!.map(Math.exp), utterance.ctc_log_probs.flat().map(Math.exp)),
      ).toBeLessThan(2e-3);
      expect(largestDifference(batch.ctcLogProbs!, utterance.ctc_log_probs.flat())).toBeLessThan(2e-2);
    }
  });

  it("hypotheses, CTC scores, decoder scores and final scores of the 10-best, in a batch of all three", async () => {
    const waveforms = await Promise.all(golden.map(samplesOf));
    const batch = await encodeBatch(sessions, waveforms, 10);
    const searcher = new PrefixBeamSearch();
    const options = { beam: 10, blank: 0, ...(await packLanguage(pack)) };
    const nbests = batch.candidates.map((candidates) => searcher.search(candidates, options));
    const { scores } = await scoreBatch(sessions, batch, nbests, pack.vocabulary);
    for (const [index, utterance] of golden.entries()) {
      const nbest = nbests[index];
      expect(nbest.map((one) => Array.from(one.tokens))).toEqual(utterance.nbest.map((one) => one.tokens));
      expect(
        largestDifference(
          nbest.map((one) => one.ctcScore),
          utterance.nbest.map((one) => one.ctc),
        ),
      ).toBeLessThan(5e-3);
      const { l2r, r2l, width } = scores[index];
      const rowSum = (rows: Float32Array, row: number) =>
        rows.subarray(row * width, (row + 1) * width).reduce((sum, value) => sum + value, 0);
      expect(
        largestDifference(
          nbest.map((_, row) => rowSum(l2r, row)),
          utterance.nbest.map((one) => one.l2r),
        ),
      ).toBeLessThan(5e-3);
      expect(
        largestDifference(
          nbest.map((_, row) => rowSum(r2l, row)),
          utterance.nbest.map((one) => one.r2l),
        ),
      ).toBeLessThan(5e-3);
      const ranked = rescore({ nbest, l2r, r2l, width }, packWeights(pack));
      for (const { order, final } of ranked)
        expect(Math.abs(final - utterance.nbest[order].final)).toBeLessThan(1e-2);
      expect(tokensToText(nbest[ranked[0].order].tokens, pack.vocabulary)).toBe(utterance.best);
    }
  });

  it("the same candidates whether the graph selects them or the full distribution is sorted", async () => {
    const samples = await samplesOf(golden[0]);
    const k = pack.manifest.beam_candidates;
    const narrow = (await encodeBatch(sessions, [samples], k)).candidates[0];
    const wide = (await encodeBatch(sessions, [samples], 2 * k)).candidates[0];
    expect([narrow.k, wide.k]).toEqual([k, 2 * k]);
    for (let frame = 0; frame < narrow.frames; frame++) {
      const first = Array.from(narrow.logProbs.subarray(frame * k, (frame + 1) * k));
      expect(Array.from(wide.logProbs.subarray(2 * frame * k, 2 * frame * k + k))).toEqual(first);
    }
  });
});
