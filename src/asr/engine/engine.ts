import { SAMPLE_RATE } from "../audio/types.ts";
import type { ContextPhrase } from "../beam/context-graph.ts";
import type { LanguageWeights } from "../beam/language-scorer.ts";
import type { Hypothesis } from "../beam/prefix-beam.ts";
import { EngineError } from "../errors.ts";
import { type Device, devicesToTry } from "../inference/devices.ts";
import { hostThreads } from "../inference/plan.ts";
import type { ModelPack } from "../pack/load-pack.ts";
import type { Ranked } from "../rescoring/rescore.ts";
import type { SegmentationOptions } from "../segments/options.ts";
import type { TokenSpan } from "../words/align.ts";
import { BatchQueue } from "./batch-queue.ts";
import type { EngineOptions, Fallback, Precision } from "./engine-options.ts";
import { HotwordKeys } from "./hotword-keys.ts";
import type { InferenceApi } from "./inference-thread.ts";
import { type OpenedDevice, openFirstDevice } from "./open-device.ts";
import { openSearch } from "./open-search.ts";
import type { SearchApi } from "./search-thread.ts";
import { type CutChannel, Segmenting } from "./segmenting.ts";
import { StageTimer, type StageTimes } from "./stage-times.ts";
import { closeAll, type Thread } from "./thread.ts";

/** One segment of audio and how to decode it. */
export interface Utterance {
  /** 16 kHz in [-1, 1], at least the pack's `min_samples` long. The engine takes the buffer over. */
  samples: Float32Array; // [N]
  beam: number;
  /** Tokens that the search tries in each frame. */
  candidates: number;
  /** Hypotheses that are rescored, of at most `beam`. */
  nbest: number;
  ctcWeight: number;
  reverseWeight: number;
  hotwords: readonly ContextPhrase[];
  /** Null to search without the pack's language model. */
  language: LanguageWeights | null;
}

/** What the model makes of an utterance. */
export interface Recognition {
  /** The n-best of the beam search, in its order; `nbest` at most. */
  hypotheses: Hypothesis[];
  /** The same after attention rescoring, best first, pointing into `hypotheses`. */
  ranked: Ranked[];
  /** Of the winner's tokens, in encoder frames. */
  spans: TokenSpan[] | null;
  /** This utterance's share of its batch's time in onnxruntime and the search, in ms. */
  inferMs: number;
}

interface Job {
  readonly length: number;
  readonly utterance: Utterance;
  readonly owner: object;
  resolve: (recognition: Recognition) => void;
  reject: (error: Error) => void;
}

/** Two batches per session: one in the graphs while the other is searched. */
const LANES_PER_SESSION = 2;

/**
 * The model at work: batches utterances of all callers, runs them through frontend, encoder, search and
 * decoders in worker threads, and gives each caller its own result. The text of an utterance does not depend
 * on what else was in its batch.
 */
export class Engine {
  readonly device: Device;
  readonly precision: Precision;
  /** Of `auto`: the device that would have been faster; null where it is in use, or none is here. */
  readonly fallback: Fallback | null;
  readonly times = new StageTimer();
  readonly #inference: Thread<InferenceApi>[];
  readonly #search: Thread<SearchApi>[];
  readonly #segmenting: Segmenting;
  /** Samples a caller should have waiting, so that every lane finds a full batch of similar lengths. */
  readonly lookaheadSamples: number;
  readonly #queue: BatchQueue<Job>;
  readonly #lanes: Promise<void>[];
  readonly #hotwordKeys = new HotwordKeys();
  #nextBatch = 0;
  #closed = false;

  private constructor(opened: OpenedDevice, search: Thread<SearchApi>[], segmentThreads: number) {
    const { batchSeconds, batchUtterances, batchOverheadSeconds } = opened.plan;
    const inference = opened.threads;
    this.device = opened.device;
    this.precision = opened.precision;
    this.fallback = opened.fallback;
    this.#inference = inference;
    this.#search = search;
    this.#segmenting = new Segmenting(segmentThreads, this.times);
    const maxSamples = batchSeconds * SAMPLE_RATE;
    this.#queue = new BatchQueue({
      maxSamples,
      maxUtterances: batchUtterances,
      overheadSamples: batchOverheadSeconds * SAMPLE_RATE,
    });
    this.lookaheadSamples = (inference.length * LANES_PER_SESSION + 1) * maxSamples;
    this.#lanes = inference.flatMap((thread) =>
      Array.from({ length: LANES_PER_SESSION }, () => this.#runLane(thread)),
    );
  }

  /** Start the threads, load the graphs, the language model and the punctuator. Throws PackError, EngineError device_unavailable. */
  static async open(pack: ModelPack, options: EngineOptions = {}): Promise<Engine> {
    const { searchThreads, segmentThreads } = {
      ...hostThreads(devicesToTry(options.device ?? "auto")[0]),
      ...options,
    };
    const opening = [openFirstDevice(pack, options), openSearch(pack, searchThreads)] as const;
    try {
      const [opened, search] = await Promise.all(opening);
      return new Engine(opened, search, segmentThreads);
    } catch (error) {
      const [inference, search] = await Promise.allSettled(opening);
      if (inference.status === "fulfilled") await closeAll(inference.value.threads);
      if (search.status === "fulfilled") await closeAll(search.value);
      throw error;
    }
  }

  /** Time spent so far, by stage, summed over threads. */
  stageTimes(): StageTimes {
    return this.times.read();
  }

  /** Decode one utterance. `owner` groups utterances that can be dropped together. */
  recognise(utterance: Utterance, owner: object): Promise<Recognition> {
    if (this.#closed) return Promise.reject(closedError());
    return new Promise((resolve, reject) => {
      this.#queue.push({ length: utterance.samples.length, utterance, owner, resolve, reject });
    });
  }

  /** A channel of a recording, to be cut into segments. */
  cut(segmentation: SegmentationOptions): Promise<CutChannel> {
    return this.#segmenting.open(segmentation);
  }

  /** Labels of a window of words by the pack's punctuator: pieces [n], pauses [n, 2]. */
  async label(pieces: BigInt64Array, pauses: Float32Array): Promise<SearchApi["label"]["response"]> {
    const answer = await this.#search[0].call("label", { pieces, pauses });
    this.times.add({ punctuation: answer.ms });
    return answer;
  }

  /** Fail the utterances of `owner` that have not started. */
  drop(owner: object, reason: Error): void {
    for (const job of this.#queue.remove((waiting) => waiting.owner === owner)) job.reject(reason);
  }

  /** Finish the batches under way, fail what is waiting, end the threads. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#queue.close()) job.reject(closedError());
    await Promise.all(this.#lanes);
    await closeAll([...this.#inference, ...this.#search, this.#segmenting]);
  }

  async #runLane(thread: Thread<InferenceApi>): Promise<void> {
    for (;;) {
      const jobs = await this.#queue.take();
      if (jobs.length === 0) return;
      await this.#runBatch(thread, jobs).catch((error: Error) => {
        for (const job of jobs) job.reject(error);
      });
    }
  }

  async #runBatch(thread: Thread<InferenceApi>, jobs: Job[]): Promise<void> {
    const batch = this.#nextBatch++;
    const samples = jobs.reduce((sum, job) => sum + job.length, 0);
    const encoded = await this.#encode(thread, batch, jobs);
    const found = await this.#runSearch(jobs, encoded.candidates).catch(async (error: Error) => {
      await thread.call("forget", { batch });
      throw error;
    });
    const rescored = await thread.call("rescore", {
      batch,
      utterances: jobs.map(({ utterance: { ctcWeight, reverseWeight } }, index) => {
        return { hypotheses: found.nbests[index], ctcWeight, reverseWeight };
      }),
    });
    const stages = {
      frontend: encoded.frontendMs,
      encoder: encoded.encoderMs,
      beam: found.searchMs,
      rescoring: rescored.decoderMs,
      align: rescored.alignMs,
    };
    this.times.add(stages);
    const totalMs = Object.values(stages).reduce((sum, ms) => sum + ms, 0);
    for (const [index, job] of jobs.entries()) {
      const inferMs = (totalMs * job.length) / samples;
      job.resolve({ hypotheses: found.nbests[index], ...rescored.utterances[index], inferMs });
    }
  }

  #encode(thread: Thread<InferenceApi>, batch: number, jobs: Job[]) {
    const waveforms = jobs.map((job) => job.utterance.samples);
    const most = Math.max(...jobs.map((job) => job.utterance.candidates));
    const buffers = waveforms.map((waveform) => waveform.buffer as ArrayBuffer);
    return thread.call("encode", { batch, waveforms, candidates: most }, buffers);
  }

  async #runSearch(jobs: Job[], candidates: InferenceApi["encode"]["response"]["candidates"]) {
    const requests = jobs.map(
      ({ utterance: { beam, candidates: width, nbest, hotwords, language } }, index) => ({
        candidates: candidates[index],
        beam,
        width,
        nbest,
        // One object for all of a recording's utterances: structured cloning sends it once per batch.
        hotwords: this.#hotwordKeys.of(hotwords),
        language,
      }),
    );
    const parts = splitEvenly(requests, this.#search.length);
    const idlestFirst = this.#search.toSorted((a, b) => a.load - b.load);
    const answers = await Promise.all(
      parts.map((part, index) => {
        const buffers = part.flatMap(({ candidates: { logProbs, tokens } }) => [
          logProbs.buffer,
          tokens.buffer,
        ]);
        return idlestFirst[index].call("search", part, buffers as ArrayBuffer[]);
      }),
    );
    return {
      nbests: answers.flatMap((answer) => answer.nbests),
      searchMs: answers.reduce((sum, answer) => sum + answer.searchMs, 0),
    };
  }
}

/** At most `count` runs of nearly equal length. */
function splitEvenly<Item>(items: Item[], count: number): Item[][] {
  const size = Math.ceil(items.length / count);
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
    items.slice(part * size, (part + 1) * size),
  );
}

function closedError(): EngineError {
  return new EngineError("engine_closed", "The transcriber is closed.");
}
