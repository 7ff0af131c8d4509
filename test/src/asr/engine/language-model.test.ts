import { createHash } from "node:crypto";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Engine } from "../../../../src/asr/engine/engine.ts";
import { type EngineError, Transcriber } from "../../../../src/asr/index.ts";
import { decodingOptions, type TranscribeOptions } from "../../../../src/asr/options.ts";
import { loadPack, type ModelPack } from "../../../../src/asr/pack/load-pack.ts";
import type { PackManifest } from "../../../../src/asr/pack/manifest.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { PACK, readGolden, readSamples } from "../golden.ts";
import { bytesOf, plainLogProb, randomNgrams } from "../language-model/plain-ngrams.ts";

const ONE = { device: "cpu", sessions: 1, threadsPerSession: 1 } as const;

/** A copy of the bundled pack with another manifest, and another language model where one is given. */
async function packWith(edit: (manifest: PackManifest) => void, languageModel?: Buffer): Promise<string> {
  const folder = join(await temporaryFolder(), "pack");
  await cp(PACK, folder, { recursive: true });
  const manifest = JSON.parse(await readFile(join(folder, "model.json"), "utf8")) as PackManifest;
  if (languageModel) {
    await writeFile(join(folder, "lm.bin"), languageModel);
    const sha256 = createHash("sha256").update(languageModel).digest("hex");
    manifest.files["lm.bin"] = { bytes: languageModel.length, sha256 };
  }
  edit(manifest);
  await writeFile(join(folder, "model.json"), JSON.stringify(manifest));
  return folder;
}

async function searchGolden(pack: ModelPack, options: TranscribeOptions, searchThreads = 1) {
  const engine = await Engine.open(pack, { ...ONE, searchThreads });
  onTestFinished(() => engine.close());
  const golden = await readGolden();
  const decoding = { hotwords: [], ...decodingOptions(options, pack) };
  const found = golden.map(async ({ wav }) => {
    const samples = await readSamples(`${PACK}/${wav}`);
    return (await engine.recognise({ samples, ...decoding }, {})).hypotheses;
  });
  return { golden, found: await Promise.all(found) };
}

describe("the pack's language model", () => {
  it("has its say in the search: hypotheses and scores are the recipe's", async () => {
    // The recipe's are of a beam of ten.
    const { golden, found } = await searchGolden(await loadPack(PACK), { beam: 10 });
    for (const [index, { nbest }] of golden.entries()) {
      expect(found[index].map(({ tokens }) => Array.from(tokens))).toEqual(nbest.map(({ tokens }) => tokens));
      for (const [place, { ctc }] of nbest.entries())
        expect(Math.abs(found[index][place].ctcScore - ctc)).toBeLessThan(2e-2);
      expect(found[index].every(({ contextScore }) => contextScore !== 0)).toBe(true);
    }
  });

  it("adds to each hypothesis what its definition says, whichever of the threads searched", async () => {
    const plain = randomNgrams(5, 3, 1000, 999, 200);
    const pack = await loadPack(await packWith(() => undefined, Buffer.from(bytesOf(plain))));
    const { weight, prior_weight, token_bonus } = pack.manifest.language_model!;
    const { found } = await searchGolden(pack, {}, 2);
    for (const { tokens, contextScore } of found.flat()) {
      const history = [999];
      let score = 0;
      for (const token of tokens) {
        const logProb = plainLogProb(plain, history, token);
        score += weight * logProb - prior_weight * plain.prior[token] + token_bonus;
        history.push(token);
      }
      expect(Math.abs(contextScore - score)).toBeLessThan(1e-4);
    }
    expect(found.flat().length).toBeGreaterThan(10);
  });

  it("is left out where its weight is 0, and where a pack has none", async () => {
    const without = await loadPack(await packWith((manifest) => delete manifest.language_model));
    const [silent, none] = [
      await searchGolden(await loadPack(PACK), { languageModelWeight: 0 }),
      await searchGolden(without, {}),
    ];
    expect(silent.found).toEqual(none.found);
    expect(silent.found.flat().every(({ contextScore }) => contextScore === 0)).toBe(true);
  });

  it("is refused while the pack loads where it is damaged or not listed", async () => {
    const damaged = await packWith(() => undefined, Buffer.from("NGLM and nothing else"));
    await expect(Transcriber.load(damaged, ONE)).rejects.toMatchObject({
      code: "pack_invalid",
      message: expect.stringContaining("The pack's language model is not valid"),
    });
    const unlisted = await packWith((manifest) => delete manifest.files["lm.bin"]);
    await expect(Transcriber.load(unlisted, ONE)).rejects.toMatchObject({
      code: "pack_invalid",
      message: expect.stringContaining("lm.bin is not listed in files"),
    });
  });
});

describe("its weight for a recording", () => {
  const refusal = (pack: ModelPack, languageModelWeight: number) => {
    try {
      decodingOptions({ languageModelWeight }, pack);
    } catch (error) {
      return `${(error as EngineError).code}: ${(error as Error).message}`;
    }
    return "none";
  };

  it("is the pack's own unless one is given, from 0 to 10, and none without a language model", async () => {
    const pack = await loadPack(PACK);
    const without = { ...pack, manifest: { ...pack.manifest, language_model: undefined } };
    const { weight, prior_weight, token_bonus } = pack.manifest.language_model!;
    const rest = { priorWeight: prior_weight, tokenBonus: token_bonus };
    expect(decodingOptions({}, pack).language).toEqual({ weight, ...rest });
    expect(decodingOptions({ languageModelWeight: 0.25 }, pack).language).toEqual({ weight: 0.25, ...rest });
    expect(decodingOptions({}, without).language).toBe(null);
    expect(refusal(pack, -1)).toBe("invalid_option: languageModelWeight must be from 0 to 10, not -1.");
    expect(refusal(without, 0.5)).toBe(
      "invalid_option: languageModelWeight cannot be 0.5: the model pack u2pp-moe-en-41m has no language model.",
    );
  });
});
