import { EngineError } from "../errors.ts";
import { fileDigest } from "../file-digest.ts";
import type { Declared } from "./declared.ts";
import { corrupt, tooLong, tooShort } from "./refusals.ts";
import type { SampleStream } from "./sample-stream.ts";
import type { SourceFile } from "./source-file.ts";
import {
  type AudioFacts,
  type AudioLimits,
  type AudioReader,
  type AudioWarning,
  SAMPLE_RATE,
} from "./types.ts";
import { warningsOf } from "./warnings.ts";

/** Everything known of a recording before its first sample is read. */
export interface OpenedRecording {
  file: SourceFile;
  stream: SampleStream;
  media: Pick<AudioFacts, "sampleRate" | "channels" | "codec">;
  declared: Declared;
  /** The end of the file is in the middle of something. */
  cut: boolean;
  /** Warnings that the header alone gives rise to. */
  warnings: AudioWarning[];
  limits: AudioLimits;
  /** Aborts the reading: the caller's signal, or `closing`. */
  signal: AbortSignal;
  closing: AbortController;
}

/** Counts, limits and hashes what a stream of samples gives, and cleans up after it. */
export class RecordingReader implements AudioReader {
  readonly #recording: OpenedRecording;
  readonly #warnings: AudioWarning[];
  #started = false;
  #facts: AudioFacts | null = null;

  constructor(recording: OpenedRecording) {
    this.#recording = recording;
    this.#warnings = recording.warnings;
  }

  get outputChannels(): number {
    return this.#recording.stream.outputChannels;
  }

  get declaredDuration(): number | null {
    return this.#recording.declared.present;
  }

  async *chunks(): AsyncGenerator<Float32Array[]> {
    if (this.#started)
      throw new EngineError("invalid_option", "A recording can be read only once; open it again.");
    this.#started = true;
    const { file, stream, limits, signal } = this.#recording;
    signal.throwIfAborted();
    const hashing = new AbortController();
    const digest = this.#startHashing(AbortSignal.any([signal, hashing.signal]));
    let samples = 0; // per channel
    try {
      for await (const chunk of stream.chunks()) {
        samples += chunk[0]!.length;
        if (samples > limits.maxSeconds * SAMPLE_RATE) throw tooLong(file.label, limits.maxSeconds);
        yield chunk;
        signal.throwIfAborted();
      }
      this.#judge(samples);
      const sha256 = await digest();
      this.#facts = { sha256, duration: samples / SAMPLE_RATE, ...this.#recording.media };
    } finally {
      hashing.abort();
      await stream.close();
    }
  }

  facts(): AudioFacts {
    if (this.#facts === null) {
      throw new EngineError(
        "invalid_option",
        "The facts of a recording are known once it has been read to its end.",
      );
    }
    return this.#facts;
  }

  warnings(): readonly AudioWarning[] {
    return this.#warnings;
  }

  async close(): Promise<void> {
    const { closing, stream, file } = this.#recording;
    closing.abort(new EngineError("engine_closed", "The recording was closed while it was read."));
    await stream.close();
    await file.dispose();
  }

  #judge(samples: number): void {
    const { file, stream, limits, declared, cut } = this.#recording;
    const { trouble } = stream;
    const duration = samples / SAMPLE_RATE;
    const promised = declared.firm ? (declared.seconds ?? 0) : 0;
    const troubled = trouble.errorLines > 0 || trouble.failed || trouble.endedEarly;
    if (samples === 0 && (troubled || promised >= limits.minSeconds)) {
      throw corrupt(file.label, "is damaged: none of its audio can be decoded.");
    }
    if (samples < Math.round(limits.minSeconds * SAMPLE_RATE)) {
      throw tooShort(file.label, duration, limits.minSeconds);
    }
    this.#warnings.push(...warningsOf({ label: file.label, duration, declared, cut, trouble }));
  }

  /** Returns the SHA-256, to be asked for at the end. Only a file that nobody else reads through is read for it. */
  #startHashing(signal: AbortSignal): () => Promise<string> {
    const { file, stream } = this.#recording;
    const known = file.sha256;
    if (known !== null) return async () => known;
    if (stream.sha256) return async () => stream.sha256!();
    const digest = fileDigest(file.path, signal);
    // Failing before it is asked for must not count as unhandled.
    digest.catch(() => {});
    return () => digest.catch((cause) => this.#hashFailed(cause));
  }

  #hashFailed(cause: unknown): never {
    this.#recording.signal.throwIfAborted();
    throw new EngineError("engine_failed", `${this.#recording.file.label} could not be read to its end.`, {
      cause,
    });
  }
}
