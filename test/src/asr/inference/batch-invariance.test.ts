import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Hypothesis, PrefixBeamSearch } from "../../../../src/asr/beam/prefix-beam.ts";
import { encodeBatch } from "../../../../src/asr/inference/encode.ts";
import { scoreBatch } from "../../../../src/asr/inference/score.ts";
import { closeSessions, openSessions, type Sessions } from "../../../../src/asr/inference/sessions.ts";
import { loadPack, type ModelPack } from "../../../../src/asr/pack/load-pack.ts";
import { type Rescored, rescore } from "../../../../src/asr/rescoring/rescore.ts";
import { fixtureSamples } from "../fixtures.ts";
import { PACK, packWeights } from "../golden.ts";

interface Decoded {
  nbest: Hypothesis[];
  ranked: Rescored[];
}

let sessions: Sessions;
let pack: ModelPack;
let segments: Float32Array[]; // 16 of different lengths
let alone: Decoded[];

beforeAll(async () => {
  pack = await loadPack(PACK);
  sessions = await openSessions(PACK, "cpu", 2);
  segments = (await fixtureSamples()).slice(0, 16);
  alone = [];
  for (const segment of segments) alone.push(...(await decode([segment])));
});
afterAll(() => closeSessions(sessions));

/** Frontend, encoder, search, both decoders and rescoring, as one batch. */
async function decode(waveforms: Float32Array[]): Promise<Decoded[]> {
  const batch = await encodeBatch(sessions, waveforms, 10);
  const searcher = new PrefixBeamSearch();
  const nbests = batch.candidates.map((candidates) => searcher.search(candidates, { beam: 10, blank: 0 }));
  const { scores } = await scoreBatch(sessions, batch, nbests, pack.vocabulary);
  return nbests.map((nbest, index) => ({
    nbest,
    ranked: rescore({ nbest, ...scores[index] }, packWeights(pack)),
  }));
}

function expectSame(found: Decoded, expected: Decoded): void {
  const text = ({ nbest, ranked }: Decoded) => Array.from(nbest[ranked[0].order].tokens);
  expect(text(found)).toEqual(text(expected));
  for (const [place, { final, attention }] of expected.ranked.entries()) {
    expect(Math.abs(found.ranked[place].final - final)).toBeLessThan(1e-3);
    expect(Math.abs(found.ranked[place].attention - attention)).toBeLessThan(1e-3);
  }
}

describe("a segment's text and scores do not depend on its batch", () => {
  it("sixteen together, padded to the longest", async () => {
    const together = await decode(segments);
    for (const [index, decoded] of together.entries()) expectSame(decoded, alone[index]);
  });

  it("after a batch that was longer and louder, in whose memory its padding lies", async () => {
    await encodeBatch(
      sessions,
      [new Float32Array(30 * 16_000).fill(1), new Float32Array(30 * 16_000).fill(-1)],
      10,
    );
    const together = await decode(segments.slice(0, 4));
    for (const [index, decoded] of together.entries()) expectSame(decoded, alone[index]);
  });

  it("each padded to 30 seconds", async () => {
    const longCompanion = new Float32Array(30 * 16_000);
    for (let start = 0; start < segments.length; start += 4) {
      const group = segments.slice(start, start + 4);
      const padded = await decode([...group, longCompanion]);
      for (const index of group.keys()) expectSame(padded[index], alone[start + index]);
    }
  });
});
