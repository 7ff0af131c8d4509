import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { LanguageScorer } from "../../../src/asr/beam/language-scorer.ts";
import { LanguageModel } from "../../../src/asr/language-model/language-model.ts";
import { readNgrams } from "../../../src/asr/language-model/read-ngrams.ts";
import type { ModelPack } from "../../../src/asr/pack/load-pack.ts";
import type { RescoreOptions } from "../../../src/asr/rescoring/rescore.ts";

/** The bundled model pack. */
export const PACK = fileURLToPath(new URL("../../../models/u2pp-moe-en-41m", import.meta.url));

/** What the exporter's own runtime computed from three synthetic recordings. */
export interface GoldenUtterance {
  wav: string;
  samples: number;
  feature_frames: number;
  features_first_frame: number[]; // [80]
  features_mean_per_bin: number[]; // [80]
  encoder_frames: number;
  ctc_log_probs: number[][]; // [frames][V], three decimals
  greedy: string;
  nbest: { tokens: number[]; text: string; ctc: number; l2r: number; r2l: number; final: number }[];
  best: string;
}

export async function readGolden(): Promise<GoldenUtterance[]> {
  const json = await readFile(`${PACK}/golden.json`, "utf8");
  return (JSON.parse(json) as { utterances: GoldenUtterance[] }).utterances;
}

/** The weights that the pack's golden values were rescored with: its defaults. */
export function packWeights({ manifest: { defaults } }: Pick<ModelPack, "manifest">): RescoreOptions {
  return { ctcWeight: defaults.ctc_weight, reverseWeight: defaults.reverse_weight };
}

/** The pack's language model with its own weights, as the golden values were searched; nothing where it has none. */
export async function packLanguage(pack: ModelPack): Promise<{ language?: LanguageScorer }> {
  const facts = pack.manifest.language_model;
  if (!facts) return {};
  const ngrams = readNgrams(await readFile(`${pack.folder}/${facts.file}`), pack.vocabulary.size);
  const model = new LanguageModel(ngrams, pack.vocabulary.sosId);
  const { weight, prior_weight: priorWeight, token_bonus: tokenBonus } = facts;
  return { language: new LanguageScorer(model, { weight, priorWeight, tokenBonus }) };
}

/** Samples of a mono PCM16 WAV with a 44-byte header, in [-1, 1). */
export async function readSamples(path: string): Promise<Float32Array> {
  const bytes = await readFile(path);
  const pcm = new Int16Array(
    bytes.buffer.slice(bytes.byteOffset + 44, bytes.byteOffset + (bytes.length & ~1)),
  );
  return Float32Array.from(pcm, (sample) => sample / 32768);
}
