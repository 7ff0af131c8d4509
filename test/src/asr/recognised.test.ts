import { expect, test } from "vitest";
import { loadPack } from "../../../src/asr/pack/load-pack.ts";
import { toRecognisedSegment } from "../../../src/asr/recognised.ts";
import { PACK } from "./golden.ts";

test("no alternative is surer of itself than one that was found better", async () => {
  const pack = await loadPack(PACK);
  const words = ["▁ONE", "▁TWO", "▁THREE"].map((token) => pack.vocabulary.tokenOf(token) ?? -1);
  expect(words).not.toContain(-1);
  const hypotheses = words.map((token) => ({
    tokens: Int32Array.of(token),
    peaks: Int32Array.of(3),
    ctcScore: -1,
  }));
  const ranked = [0.5, 0.9, 0.4].map((confidence, order) => ({
    order,
    confidence,
    tokenConfidences: Float32Array.of(confidence),
  }));
  const recognition = { hypotheses, ranked, spans: null, inferMs: 0 };
  const segment = toRecognisedSegment(
    recognition as unknown as Parameters<typeof toRecognisedSegment>[0],
    { start: 0, length: 16_000, channel: undefined },
    pack,
    3,
  );
  expect(segment?.alternatives).toEqual([
    { text: "ONE", confidence: 0.5 },
    { text: "TWO", confidence: 0.5 },
    { text: "THREE", confidence: 0.4 },
  ]);
});
