import { openAudio } from "../src/asr/audio/open-audio.ts";
import { SAMPLE_RATE } from "../src/asr/audio/types.ts";
import { Engine } from "../src/asr/engine/engine.ts";
import { DEFAULT_LIMITS, type TranscribeOptions } from "../src/asr/index.ts";
import { decodingOptions } from "../src/asr/options.ts";
import { loadPack, type ModelPack } from "../src/asr/pack/load-pack.ts";
import { tokensToText } from "../src/asr/words/vocabulary.ts";
import { type EngineFlags, engineOptions, type Transcribed } from "./engine.ts";
import { joinFloats } from "./wav.ts";

/** The engine without its segmentation: every recording is one utterance, as for `python -m training.measure.evaluate`. */
export class WholeRecogniser {
  readonly #pack: ModelPack;
  readonly #engine: Engine;

  private constructor(pack: ModelPack, engine: Engine) {
    this.#pack = pack;
    this.#engine = engine;
  }

  static async load(flags: EngineFlags): Promise<WholeRecogniser> {
    const pack = await loadPack(flags.model);
    return new WholeRecogniser(pack, await Engine.open(pack, engineOptions(flags)));
  }

  /** `leadMs`: of silence put before it. */
  async read(
    path: string,
    options: TranscribeOptions,
    leadMs = 0,
  ): Promise<Pick<Transcribed, "text" | "duration">> {
    const samples = await samplesOf(path, new Float32Array((leadMs * SAMPLE_RATE) / 1000));
    const duration = samples.length / SAMPLE_RATE;
    const utterance = { samples, hotwords: [], ...decodingOptions(options, this.#pack) };
    const { hypotheses, ranked } = await this.#engine.recognise(utterance, this);
    return { text: tokensToText(hypotheses[ranked[0].order].tokens, this.#pack.vocabulary), duration };
  }

  close(): Promise<void> {
    return this.#engine.close();
  }
}

/** All of a recording behind `lead`. */
async function samplesOf(path: string, lead: Float32Array): Promise<Float32Array> {
  const reader = await openAudio(path, { channels: "mix", limits: { ...DEFAULT_LIMITS, minSeconds: 0 } });
  const chunks = await Array.fromAsync(reader.chunks(), ([mixed]) => mixed.slice());
  await reader.close();
  return joinFloats([lead, ...chunks]);
}
