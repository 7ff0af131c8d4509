import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Engine } from "../../../../src/asr/engine/engine.ts";
import type { EngineOptions } from "../../../../src/asr/engine/engine-options.ts";
import { decodingOptions } from "../../../../src/asr/options.ts";
import { loadPack, type ModelPack } from "../../../../src/asr/pack/load-pack.ts";
import { tokensToText } from "../../../../src/asr/words/vocabulary.ts";
import { fixtureSamples } from "../fixtures.ts";
import { PACK } from "../golden.ts";

let pack: ModelPack;
let recordings: Float32Array[]; // twenty of different lengths
let alone: string[];

/** What the engine makes of all recordings, `together` at a time. */
async function textsOf(
  from: ModelPack,
  options: EngineOptions,
  together = recordings.length,
): Promise<string[]> {
  const engine = await Engine.open(from, { device: "cpu", ...options });
  const texts: string[] = [];
  for (let start = 0; start < recordings.length; start += together) {
    const recognitions = recordings.slice(start, start + together).map((samples) => {
      const decoding = { hotwords: [], ...decodingOptions({}, from) };
      return engine.recognise({ samples: samples.slice(), ...decoding }, {});
    });
    for (const { hypotheses, ranked } of await Promise.all(recognitions))
      texts.push(tokensToText(hypotheses[ranked[0].order].tokens, from.vocabulary));
  }
  await engine.close();
  return texts;
}

beforeAll(async () => {
  pack = await loadPack(PACK);
  recordings = await fixtureSamples();
  alone = await textsOf(pack, { sessions: 1, threadsPerSession: 1 }, 1);
});

describe("the text is the one that a recording has alone", () => {
  it.each<[string, EngineOptions]>([
    ["in small batches", { batchSeconds: 4, batchUtterances: 3 }],
    ["in one batch", { batchSeconds: 1000, batchUtterances: 100, sessions: 1 }],
    ["on two threads of one session", { sessions: 1, threadsPerSession: 2 }],
    ["over three sessions", { sessions: 3, threadsPerSession: 1, batchSeconds: 6 }],
    ["over two search threads", { searchThreads: 2 }],
  ])("%s", async (_, options) => {
    expect(await textsOf(pack, options)).toEqual(alone);
  });

  it("however many recordings are under way", async () => {
    for (const together of [4, 16]) expect(await textsOf(pack, {}, together)).toEqual(alone);
  });
});

describe("a variant of the graphs", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "scriptorium-variants-"));
    await cp(PACK, folder, { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("gives the plain graphs' text", async () => {
    // Without its variants the pack falls back on the graphs for every device.
    const manifest = JSON.parse(await readFile(join(folder, "model.json"), "utf8"));
    await writeFile(join(folder, "model.json"), JSON.stringify({ ...manifest, variants: {} }));
    expect(await textsOf(await loadPack(folder), {})).toEqual(alone);
  });
});
