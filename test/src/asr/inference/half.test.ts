import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PrefixBeamSearch } from "../../../../src/asr/beam/prefix-beam.ts";
import { encodeBatch } from "../../../../src/asr/inference/encode.ts";
import { rankBatch } from "../../../../src/asr/inference/rank.ts";
import { closeSessions, openSessions, type Sessions } from "../../../../src/asr/inference/sessions.ts";
import { loadPack, type ModelPack } from "../../../../src/asr/pack/load-pack.ts";
import { graphsFor } from "../../../../src/asr/pack/manifest.ts";
import { PACK, packWeights, readGolden, readSamples } from "../golden.ts";

let pack: ModelPack;
let single: Sessions;
let half: Sessions;

beforeAll(async () => {
  pack = await loadPack(PACK);
  single = await openSessions(PACK, "cpu", 1);
  // The CPU computes them too: in 32 bits, rounded at every step.
  half = await openSessions(PACK, "cpu", 1, { graphs: graphsFor(pack.manifest, "cuda") });
});
afterAll(() => Promise.all([single, half].map(closeSessions)));

async function decode(sessions: Sessions, waveforms: Float32Array[], decoderElements: number) {
  const batch = await encodeBatch(sessions, waveforms, 10);
  const searcher = new PrefixBeamSearch();
  const requests = batch.candidates.map((candidates) => ({
    hypotheses: searcher.search(candidates, { beam: 10, blank: pack.vocabulary.blankId }),
    ...packWeights(pack),
  }));
  const { rankings } = await rankBatch({ ...sessions, decoderElements }, batch, requests, pack.vocabulary);
  const { type } = batch.encoderOut;
  return {
    type,
    rankings,
    best: requests.map(({ hypotheses }, index) => [...hypotheses[rankings[index][0].order].tokens]),
  };
}

describe("graphs in 16-bit floats", () => {
  it("hear the same, their output given to the decoder as it is, in one call or in several", async () => {
    const waveforms = await Promise.all((await readGolden()).map(({ wav }) => readSamples(`${PACK}/${wav}`)));
    const expected = await decode(single, waveforms, 1e9);
    const found = await decode(half, waveforms, 1e9);
    expect([expected.type, found.type]).toEqual(["float32", "float16"]);
    expect(found.best).toEqual(expected.best);
    const apart = await decode(half, waveforms, 1);
    expect(apart.best).toEqual(found.best);
    for (const [index, ranking] of apart.rankings.entries())
      expect(ranking.map(({ order }) => order)).toEqual(found.rankings[index].map(({ order }) => order));
  });
});
