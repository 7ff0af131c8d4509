/** A worker thread that owns one copy of the graphs. Encoder outputs stay here between encoding and rescoring. */
import { env } from "onnxruntime-node";
import type { FrameCandidates } from "../beam/prefix-beam.ts";
import type { Device } from "../inference/devices.ts";
import { type EncodedBatch, encodeBatch } from "../inference/encode.ts";
import { free, release } from "../inference/free.ts";
import { type RankRequest, rankBatch } from "../inference/rank.ts";
import { closeSessions, openSessions, type Sessions } from "../inference/sessions.ts";
import { tryOut } from "../inference/try-out.ts";
import type { PackGraphs } from "../pack/manifest.ts";
import type { Ranked } from "../rescoring/rescore.ts";
import { ForcedAligner, type TokenSpan } from "../words/align.ts";
import { alignSparse } from "../words/sparse-ctc.ts";
import { serveThread, threadData } from "./thread.ts";

/** What an inference thread is started with. */
export interface InferenceThreadData {
  folder: string;
  threads: number;
  ids: { blankId: number; sosId: number; eosId: number };
  /** The graphs are a WeNet export's, for so many units. */
  wenet: { vocabularySize: number } | null;
}

/** The n-best in its final order, and where the winner's tokens lie. */
export interface RescoredUtterance {
  ranked: Ranked[];
  /** Spans of the winner's tokens in encoder frames; null where an alignment does not exist. */
  spans: TokenSpan[] | null;
}

export interface InferenceApi {
  open: { request: { device: Device; graphs: PackGraphs; decoderElements: number }; response: undefined };
  encode: {
    request: { batch: number; waveforms: Float32Array[]; candidates: number };
    response: { candidates: FrameCandidates[]; frontendMs: number; encoderMs: number };
  };
  rescore: {
    request: { batch: number; utterances: RankRequest[] };
    response: { utterances: RescoredUtterance[]; decoderMs: number; alignMs: number };
  };
  /** Forget a batch that will not be rescored. */
  forget: { request: { batch: number }; response: undefined };
}

interface KeptBatch {
  encoded: EncodedBatch;
  /** The search takes the candidates away; where the full distributions are not at hand, alignment needs them too. */
  candidates: FrameCandidates[] | null;
}

// What goes wrong is thrown, too; the library's own log would only say it twice, in the middle of a progress bar.
env.logLevel = "fatal";

const { folder, threads, ids, wenet } = threadData<InferenceThreadData>();
const batches = new Map<number, KeptBatch>();
const aligner = new ForcedAligner();
let sessions: Sessions | undefined;

/** The end of the line of those waiting for the graphs. */
let last: Promise<unknown> = Promise.resolve();

/** One batch at a time: computing is synchronous, and interleaved batches would count each other's time as theirs. */
function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const result = last.then(work);
  last = result.catch(() => undefined);
  return result;
}

function copyOf({ logProbs, tokens, ...rest }: FrameCandidates): FrameCandidates {
  return { logProbs: logProbs.slice(), tokens: tokens.slice(), ...rest };
}

function opened(): Sessions {
  if (!sessions) throw new Error("the sessions are not open yet");
  return sessions;
}

function finish(
  { encoded, candidates }: KeptBatch,
  index: number,
  { hypotheses }: RankRequest,
  ranked: Ranked[],
): RescoredUtterance {
  const { maxFrames, vocabularySize, ctcLogProbs } = encoded;
  const { tokens } = hypotheses[ranked[0].order];
  if (candidates)
    return { ranked, spans: alignSparse(aligner, candidates[index], tokens, ids.blankId, vocabularySize) };
  const start = index * maxFrames * vocabularySize;
  const frames = encoded.frames[index];
  const logProbs = (ctcLogProbs as Float32Array).subarray(start, start + frames * vocabularySize); // [frames, V]
  return { ranked, spans: aligner.align({ logProbs, frames, vocab: vocabularySize }, tokens, ids.blankId) };
}

serveThread<InferenceApi>(
  {
    async open({ device, graphs, decoderElements }) {
      sessions = await openSessions(folder, device, threads, { graphs, wenet, decoderElements });
      await tryOut(sessions, device);
      return { value: undefined };
    },
    async encode({ batch, waveforms, candidates: most }) {
      const encoded = await inTurn(() => encodeBatch(opened(), waveforms, most));
      free(...waveforms);
      const { candidates, ctcLogProbs, frontendMs, encoderMs } = encoded;
      batches.set(batch, { encoded, candidates: ctcLogProbs ? null : candidates.map(copyOf) });
      const transfer = candidates.flatMap((one) => [one.logProbs.buffer, one.tokens.buffer] as ArrayBuffer[]);
      return { value: { candidates, frontendMs, encoderMs }, transfer };
    },
    async rescore({ batch, utterances }) {
      const kept = batches.get(batch);
      if (!kept) throw new Error(`batch ${batch} was not encoded here`);
      batches.delete(batch);
      const { encoded } = kept;
      const { rankings, decoderMs } = await inTurn(() => rankBatch(opened(), encoded, utterances, ids));
      const started = performance.now();
      const done = utterances.map((utterance, index) => finish(kept, index, utterance, rankings[index]));
      release(encoded.encoderOut);
      if (encoded.ctcLogProbs) free(encoded.ctcLogProbs);
      return { value: { utterances: done, decoderMs, alignMs: performance.now() - started } };
    },
    forget({ batch }) {
      batches.delete(batch);
      return { value: undefined };
    },
  },
  async () => {
    if (sessions) await closeSessions(sessions);
  },
);
