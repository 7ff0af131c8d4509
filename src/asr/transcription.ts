import { type Clip, clipped } from "./audio/clip.ts";
import { openAudio } from "./audio/open-audio.ts";
import { Peaks } from "./audio/peaks.ts";
import { round } from "./audio/refusals.ts";
import {
  type AudioFacts,
  type AudioLimits,
  type AudioReader,
  type AudioSource,
  type AudioWarning,
  SAMPLE_RATE,
} from "./audio/types.ts";
import type { ContextPhrase } from "./beam/context-graph.ts";
import type { Engine } from "./engine/engine.ts";
import { RecordingError } from "./errors.ts";
import type { DecodingOptions, TranscribeOptions } from "./options.ts";
import type { ModelPack } from "./pack/load-pack.ts";
import { LabelWindows } from "./punctuation/windows.ts";
import { type Labelling, ReadableText } from "./readable/readable-text.ts";
import type { Style } from "./readable/style.ts";
import {
  type HeardSegment,
  placeOf,
  type RecognisedSegment,
  type SegmentPlace,
  toRecognisedSegment,
} from "./recognised.ts";
import type { SegmentationOptions } from "./segments/options.ts";
import type { Segment } from "./segments/segmenter.ts";

/** Milliseconds of one recording. */
export interface Timing {
  /** Waiting for decoded audio. */
  decodeMs: number;
  /** This recording's share of the time in onnxruntime and the search, summed over threads. */
  inferMs: number;
  /** From start to end, by the clock. */
  totalMs: number;
}

/** Something to tell the user about a transcript that was made all the same. `at` is a second of the recording. */
export interface TranscriptionWarning {
  code: AudioWarning["code"] | "hotword_skipped";
  message: string;
  at: number;
}

/** All that one recording's transcription needs, checked and filled in. */
export interface TranscriptionPlan {
  source: AudioSource;
  pack: ModelPack;
  engine: Engine;
  style: Style;
  decoding: DecodingOptions;
  hotwords: readonly ContextPhrase[];
  segmentation: SegmentationOptions;
  limits: AudioLimits;
  channels: "mix" | "split";
  track: number | undefined;
  temporaryFolder: string | undefined;
  clip: Clip;
  warnings: readonly TranscriptionWarning[];
  signal: AbortSignal | undefined;
  onProgress: TranscribeOptions["onProgress"];
}

interface InFlight {
  place: SegmentPlace;
  result: Promise<HeardSegment | null>;
  /** True once `result` has settled, so that it can be taken without waiting. */
  settled: boolean;
}

/**
 * One recording on its way to text. Iterate it once for the segments, in order within each channel, each as soon as no
 * later word can change how it is written; `audio`,
 * `warnings` and `timing` are complete when the iteration has ended. Leaving the iteration early stops the work.
 */
export class Transcription implements AsyncIterable<RecognisedSegment> {
  readonly #plan: TranscriptionPlan;
  readonly #inFlight: InFlight[] = [];
  /** By channel. */
  readonly #texts = new Map<number | undefined, ReadableText<HeardSegment>>();
  #inFlightSamples = 0;
  readonly #peaks = new Peaks();
  #reader: AudioReader | undefined;
  #readSamples = 0;
  #decodeMs = 0;
  #inferMs = 0;
  #totalMs = 0;
  #started = false;

  constructor(plan: TranscriptionPlan) {
    this.#plan = plan;
  }

  /** Facts of the recording. Throws where the iteration has not ended. */
  get audio(): AudioFacts {
    if (!this.#reader) throw new Error("the recording has not been read yet");
    return this.#reader.facts();
  }

  get warnings(): TranscriptionWarning[] {
    return [...this.#plan.warnings, ...(this.#reader?.warnings() ?? [])];
  }

  /** How loud it is along its time, in percent of full scale: a thousand values at most, to be drawn. */
  get peaks(): number[] {
    return this.#peaks.values();
  }

  get timing(): Timing {
    return { decodeMs: this.#decodeMs, inferMs: this.#inferMs, totalMs: this.#totalMs };
  }

  /** Throws RecordingError, EngineError, or the signal's reason. */
  async *[Symbol.asyncIterator](): AsyncGenerator<RecognisedSegment> {
    if (this.#started) throw new Error("a transcription can be iterated once only");
    this.#started = true;
    const started = performance.now();
    const { source, channels, track, limits, temporaryFolder, signal, engine } = this.#plan;
    try {
      const reader = await openAudio(source, {
        channels,
        track,
        limits,
        ...(temporaryFolder && { temporaryFolder }),
        ...(signal && { signal }),
      });
      this.#reader = reader;
      yield* this.#run(reader);
    } finally {
      engine.drop(this, new Error("the transcription was left"));
      await this.#reader?.close();
      this.#totalMs = performance.now() - started;
    }
  }

  async *#run(reader: AudioReader): AsyncGenerator<RecognisedSegment> {
    const { segmentation, engine, signal } = this.#plan;
    const opening = Array.from({ length: reader.outputChannels }, () => engine.cut(segmentation));
    try {
      const channels = await Promise.all(opening);
      this.#readSamples = this.#firstSample;
      let cut: Promise<Segment[][]> = Promise.resolve([]);
      for await (const chunk of this.#timedChunks(reader)) {
        // The chunk before is cut while this one is read.
        this.#startAll(await cut);
        cut = metLater(Promise.all(channels.map((channel, index) => channel.push(chunk[index]))));
        this.#readSamples += chunk[0].length;
        yield* this.#finished(engine.lookaheadSamples);
        this.#report(this.#endOf(reader.declaredDuration));
        signal?.throwIfAborted();
      }
      this.#startAll(await cut);
      this.#startAll(await Promise.all(channels.map((channel) => channel.flush())));
      yield* this.#finished(0);
      for (const text of this.#texts.values()) yield* this.#unlessAborted(await text.finish());
      this.#checkClip(this.audio.duration);
      this.#report(this.#endOf(this.audio.duration));
    } finally {
      for (const channel of await Promise.allSettled(opening)) {
        if (channel.status === "fulfilled") channel.value.close();
      }
    }
  }

  async *#timedChunks(reader: AudioReader): AsyncGenerator<Float32Array[]> {
    let asked = performance.now();
    for await (const chunk of clipped(this.#looked(reader.chunks()), this.#plan.clip)) {
      const waited = performance.now() - asked;
      this.#decodeMs += waited;
      this.#plan.engine.times.add({ decode: waited });
      yield chunk;
      asked = performance.now();
    }
  }

  /** The peaks are those of all of it, whatever part is wanted. */
  async *#looked(chunks: ReturnType<AudioReader["chunks"]>): AsyncGenerator<Float32Array[]> {
    for await (const chunk of chunks) {
      this.#peaks.push(chunk);
      yield chunk;
    }
  }

  #startAll(segments: Segment[][]): void {
    for (const [channel, found] of segments.entries()) {
      for (const segment of found) this.#start(segment, channel);
    }
  }

  #start(segment: Segment, channel: number): void {
    const inRecording = { ...segment, start: segment.start + this.#firstSample };
    const place = placeOf(inRecording, this.#plan.channels === "split" ? channel : undefined);
    const inFlight: InFlight = { place, result: this.#recognise(segment, place), settled: false };
    const settle = () => {
      inFlight.settled = true;
    };
    // A failure, too, is met when its turn comes.
    inFlight.result.then(settle, settle);
    this.#inFlight.push(inFlight);
    this.#inFlightSamples += place.length;
  }

  async #recognise({ samples }: Segment, place: SegmentPlace): Promise<HeardSegment | null> {
    const { engine, pack, decoding, hotwords } = this.#plan;
    const recognition = await engine.recognise({ samples, hotwords, ...decoding }, this);
    this.#inferMs += recognition.inferMs;
    return toRecognisedSegment(recognition, place, pack, decoding.alternatives);
  }

  /** Yield what is done, in order, waiting only while more than `mostSamples` are in flight. */
  async *#finished(mostSamples: number): AsyncGenerator<RecognisedSegment> {
    while (this.#inFlight.length > 0 && (this.#inFlight[0].settled || this.#inFlightSamples > mostSamples)) {
      const segment = await this.#inFlight[0].result;
      const [{ place }] = this.#inFlight.splice(0, 1);
      this.#inFlightSamples -= place.length;
      this.#plan.signal?.throwIfAborted();
      if (segment) yield* this.#unlessAborted(await this.#textOf(place.channel).push(segment));
    }
  }

  /** Many may be written at once: whoever takes them may have it ended in between. */
  *#unlessAborted(segments: readonly RecognisedSegment[]): Generator<RecognisedSegment> {
    for (const segment of segments) {
      yield segment;
      this.#plan.signal?.throwIfAborted();
    }
  }

  #textOf(channel: number | undefined): ReadableText<HeardSegment> {
    const text = this.#texts.get(channel) ?? new ReadableText(this.#plan.style, this.#labelling());
    this.#texts.set(channel, text);
    return text;
  }

  #labelling(): Labelling | null {
    const { style, engine, pack } = this.#plan;
    const { punctuator } = pack;
    if (!style.punctuate || !punctuator) return null;
    const run = async (pieces: BigInt64Array, pauses: Float32Array) => {
      const { labels, ms } = await engine.label(pieces, pauses);
      this.#inferMs += ms;
      return labels;
    };
    return { punctuator, windows: new LabelWindows(run, punctuator.shape) };
  }

  get #firstSample(): number {
    return Math.round(this.#plan.clip.start * SAMPLE_RATE);
  }

  /** Second at which the part ends, of a recording of so many; null where that is not known. */
  #endOf(duration: number | null): number | null {
    const { end } = this.#plan.clip;
    return end === null || duration === null ? (duration ?? end) : Math.min(end, duration);
  }

  /** Throws RecordingError too_short. */
  #checkClip(duration: number): void {
    const { start } = this.#plan.clip;
    if (start < duration || start === 0) return;
    const message = `The recording ends after ${round(duration)} s: there is nothing from ${round(start)} s on.`;
    throw new RecordingError("too_short", message);
  }

  #report(total: number | null): void {
    const done = (this.#inFlight[0]?.place.start ?? this.#readSamples) / SAMPLE_RATE;
    this.#plan.onProgress?.({ done, total });
  }
}

/** A failure is met when its turn comes; until then it must not count as unhandled. */
function metLater<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => undefined);
  return promise;
}
