import type { AudioLimits, AudioSource } from "./audio/types.ts";
import { compileHotwords } from "./beam/hotwords.ts";
import { Engine } from "./engine/engine.ts";
import type { EngineOptions, Fallback, Precision } from "./engine/engine-options.ts";
import type { StageTimes } from "./engine/stage-times.ts";
import type { Device } from "./inference/devices.ts";
import { checkClip, checkTrack, decodingOptions, type TranscribeOptions } from "./options.ts";
import { type ModelPack, openPack } from "./pack/load-pack.ts";
import { styleOf } from "./readable/style.ts";
import type { RecognisedSegment } from "./recognised.ts";
import { checkSegmentation } from "./segments/options.ts";
import { Transcription } from "./transcription.ts";

/** Limits of a recording where the caller sets none. */
export const DEFAULT_LIMITS: Omit<AudioLimits, "minSeconds"> = {
  maxBytes: 2_000_000_000,
  maxSeconds: 12 * 3600,
};

export interface TranscriberOptions extends EngineOptions {
  /** Where streams and bytes are written while they are read; the system's folder for temporary files by default. */
  temporaryFolder?: string;
}

/** What is known of the model in use. */
export interface ModelFacts {
  name: string;
  version: string;
  languages: readonly string[];
  device: Device;
}

/**
 * Speech to text with one model pack. Loading takes about a second and costs memory; one transcriber serves any
 * number of recordings, side by side, and batches their segments together.
 *
 *     const transcriber = await Transcriber.load("models/u2pp-moe-en-41m");
 *     for await (const segment of transcriber.transcribe("call.mp3")) console.log(segment.start, segment.text);
 *     await transcriber.close();
 */
export class Transcriber {
  readonly #pack: ModelPack;
  readonly #engine: Engine;
  readonly #temporaryFolder: string | undefined;

  private constructor(pack: ModelPack, engine: Engine, temporaryFolder: string | undefined) {
    this.#pack = pack;
    this.#engine = engine;
    this.#temporaryFolder = temporaryFolder;
  }

  /** Verify the pack and start the engine, side by side. Throws PackError, EngineError device_unavailable. */
  static async load(packFolder: string, options: TranscriberOptions = {}): Promise<Transcriber> {
    const { temporaryFolder, ...engineOptions } = options;
    const { pack, verified } = await openPack(packFolder);
    const [engine, intact] = await Promise.allSettled([Engine.open(pack, engineOptions), verified]);
    // A file that is not the right one says more than what its graph then fails with.
    if (intact.status === "rejected") {
      if (engine.status === "fulfilled") await engine.value.close();
      throw intact.reason;
    }
    if (engine.status === "rejected") throw engine.reason;
    return new Transcriber(pack, engine.value, temporaryFolder);
  }

  get model(): ModelFacts {
    const { name, version, languages } = this.#pack.manifest;
    return { name, version, languages, device: this.#engine.device };
  }

  get precision(): Precision {
    return this.#engine.precision;
  }

  /** Of the device `auto`: the faster one that it had to do without, and why. */
  get fallback(): Fallback | null {
    return this.#engine.fallback;
  }

  /**
   * Transcribe one recording: iterate the result for its segments. Throws EngineError invalid_option at once;
   * the iteration throws RecordingError where the recording is at fault.
   */
  transcribe(source: AudioSource, options: TranscribeOptions = {}): Transcription {
    const { manifest, vocabulary } = this.#pack;
    const hotwords = compileHotwords(options.hotwords ?? [], vocabulary);
    const minSeconds = manifest.min_samples / manifest.sample_rate;
    return new Transcription({
      source,
      pack: this.#pack,
      engine: this.#engine,
      style: styleOf(options, options.hotwords ?? [], this.#pack),
      decoding: decodingOptions(options, this.#pack),
      hotwords: hotwords.phrases,
      segmentation: checkSegmentation({
        maxSeconds: manifest.segmentation.max_seconds,
        ...options.segmentation,
      }),
      limits: { ...DEFAULT_LIMITS, minSeconds, ...options.limits },
      channels: options.channels ?? "mix",
      track: checkTrack(options.track),
      clip: checkClip(options),
      warnings: hotwords.warnings.map(({ message }) => ({ code: "hotword_skipped", message, at: 0 })),
      temporaryFolder: this.#temporaryFolder,
      signal: options.signal,
      onProgress: options.onProgress,
    });
  }

  /** Time spent since the start by stage, summed over threads, in ms. For benchmarks. */
  stageTimes(): StageTimes {
    return this.#engine.stageTimes();
  }

  /** Finish what is in the graphs, fail what is waiting, free the memory. */
  close(): Promise<void> {
    return this.#engine.close();
  }
}

/** Collect a transcription: its segments in order of time. */
export async function collect(transcription: Transcription): Promise<RecognisedSegment[]> {
  const segments = await Array.fromAsync(transcription);
  return segments.sort((a, b) => a.start - b.start || (a.channel ?? 0) - (b.channel ?? 0));
}
