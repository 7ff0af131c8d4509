import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Engine, type Recognition } from "../../../../src/asr/engine/engine.ts";
import type { EngineOptions } from "../../../../src/asr/engine/engine-options.ts";
import { collect, EngineError, Transcriber } from "../../../../src/asr/index.ts";
import { loadPack, type ModelPack } from "../../../../src/asr/pack/load-pack.ts";
import { tokensToText } from "../../../../src/asr/words/vocabulary.ts";
import { FIXTURES, fixtureSamples } from "../fixtures.ts";
import { packWeights } from "../golden.ts";
import { copyExport, EXPORT, editYaml, makePack, PLACES, replaceGraph } from "../wenet.ts";

let recordings: Float32Array[]; // twenty of different lengths
let folders: string[];
let wenet: ModelPack;
let ours: ModelPack; // the same weights
let leftToRight: ModelPack; // a WeNet export of the left-to-right decoder alone

beforeAll(async () => {
  recordings = await fixtureSamples();
  folders = [await makePack(), await copyExport()];
  await replaceGraph(folders[1], "decoder.onnx", "decoder-left.onnx");
  await editYaml(folders[1], (yaml) => yaml.replace("decoder: bitransformer", "decoder: transformer"));
  wenet = await loadPack(EXPORT);
  ours = await loadPack(folders[0]);
  leftToRight = await loadPack(folders[1]);
});
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function recognise(
  pack: ModelPack,
  beam: number,
  { weights = packWeights(pack), ...options }: EngineOptions & { weights?: ReturnType<typeof packWeights> },
): Promise<Recognition[]> {
  const engine = await Engine.open(pack, { device: "cpu", sessions: 1, ...options });
  const search = { beam, candidates: beam, nbest: beam, hotwords: [], language: null };
  const found = await Promise.all(
    recordings.map((samples) => engine.recognise({ samples: samples.slice(), ...search, ...weights }, {})),
  );
  await engine.close();
  return found;
}

/** Texts of the n-best, and the place of the best of the first `among`. */
function summary({ hypotheses, ranked, spans }: Recognition, among: number) {
  const texts = hypotheses.map(({ tokens }) => tokensToText(tokens, wenet.vocabulary));
  const best = ranked.find(({ order }) => order < among)?.order;
  return { texts, best, ...(best === ranked[0].order && { spans }) };
}

describe("an export gives the same text as its weights in a pack", () => {
  const alone = { batchUtterances: 1 };
  const together = { batchSeconds: 1000, batchUtterances: 100 };
  it.each([
    ["one by one", PLACES, alone],
    ["in small batches", PLACES, { batchSeconds: 8, batchUtterances: 3 }],
    ["in one batch", PLACES, together],
    ["with fewer hypotheses than the decoder has places for", 3, together],
    ["with one hypothesis", 1, together],
  ])("%s", async (_, beam, options) => {
    const expected = (await recognise(ours, beam, alone)).map((one) => summary(one, beam));
    const found = await recognise(wenet, beam, options);
    expect(found.map((one) => summary(one, beam))).toEqual(expected);
    // Else this would not show that the decoder is asked at all, or is always right.
    const places = new Set(expected.map(({ best }) => best));
    expect(places.size).toBeGreaterThan(beam === 1 ? 0 : 1);
  });

  it("with a decoder that goes left to right only", async () => {
    const weights = { ...packWeights(ours), reverseWeight: 0 };
    const expected = (await recognise(ours, PLACES, { ...alone, weights })).map((one) =>
      summary(one, PLACES),
    );
    expect(leftToRight.manifest.defaults.reverse_weight).toBe(0);
    const found = await recognise(leftToRight, PLACES, together);
    expect(found.map((one) => summary(one, PLACES))).toEqual(expected);
  });

  it("and of a beam wider than the decoder rescores its first places, the others behind them", async () => {
    const beam = 9;
    const expected = (await recognise(ours, beam, alone)).map((one) => summary(one, PLACES));
    const found = await recognise(wenet, beam, together);
    for (const [index, { ranked, hypotheses }] of found.entries()) {
      const { texts, best } = summary(found[index], PLACES);
      expect({ texts, best }).toEqual({ texts: expected[index].texts, best: expected[index].best });
      const orders = ranked.map(({ order }) => order);
      const rest = [...hypotheses.keys()].filter((order) => order !== best);
      expect(orders).toEqual([best, ...rest]);
    }
  });
});

describe("transcribing with an export", () => {
  let transcriber: Transcriber;
  beforeAll(async () => {
    transcriber = await Transcriber.load(EXPORT, { device: "cpu" });
  });
  afterAll(() => transcriber.close());
  const commands = `${FIXTURES}/commands.wav`;

  it("gives words with times, and no confidence", async () => {
    const segments = await collect(transcriber.transcribe(commands, { alternatives: 3 }));
    expect(segments.length).toBeGreaterThan(1);
    for (const { text, confidence, words, alternatives = [], start, end } of segments) {
      expect(confidence).toBeNull();
      expect(words.map(({ word }) => word).join(" ")).toBe(text);
      for (const word of words) {
        expect(word.confidence).toBeNull();
        expect(word.start).toBeGreaterThanOrEqual(start);
        expect(word.end).toBeLessThanOrEqual(end);
      }
      expect(alternatives[0]).toEqual({ text, confidence: null });
    }
  });

  it.each([
    [{ ctcWeight: 1 }, "ctcWeight cannot be 1", "made with 3"],
    [{ reverseWeight: 0 }, "reverseWeight cannot be 0", "made with 0.5"],
  ])("refuses %j: it is baked in", (options, what, why) => {
    expect(() => transcriber.transcribe(commands, options)).toThrow(EngineError);
    expect(() => transcriber.transcribe(commands, options)).toThrow(what);
    expect(() => transcriber.transcribe(commands, options)).toThrow(why);
  });

  it("takes the weights that are baked in, and any beam", async () => {
    const options = { ctcWeight: 3, reverseWeight: 0.5, beam: 9 };
    expect(await collect(transcriber.transcribe(commands, options))).not.toEqual([]);
  });
});
