/** A worker thread for the CTC prefix beam search, and beside it for the marks and capitals of what was found. */
import type { ContextGraph, ContextPhrase } from "../beam/context-graph.ts";
import { hotwordGraph } from "../beam/hotwords.ts";
import { LanguageScorer, type LanguageWeights } from "../beam/language-scorer.ts";
import { type FrameCandidates, type Hypothesis, PrefixBeamSearch } from "../beam/prefix-beam.ts";
import { LanguageModel } from "../language-model/language-model.ts";
import { readNgrams } from "../language-model/read-ngrams.ts";
import type { PieceLabels } from "../punctuation/windows.ts";
import type { PunctuatorSession } from "./punctuator-session.ts";
import { type Handlers, serveThread, threadData } from "./thread.ts";

export interface SearchThreadData {
  blankId: number;
  sosId: number;
  vocabularySize: number;
  /** The token after which alone a hotword may begin. */
  anchor: number | undefined;
}

/** Tokenised phrases and a name for them: equal keys, equal phrases. */
export interface KeyedHotwords {
  key: string;
  phrases: readonly ContextPhrase[];
}

/** One utterance to search. The graphs of the lists used last are kept. */
export interface SearchRequest {
  candidates: FrameCandidates;
  beam: number;
  /** Of the candidates, so many of each frame are tried. */
  width: number;
  /** Hypotheses wanted, of at most `beam`. */
  nbest: number;
  hotwords: KeyedHotwords;
  /** Null to search without the language model. */
  language: LanguageWeights | null;
}

export interface SearchApi {
  /** Takes the bytes of the language model's file, which all threads share, before a search that wants one. */
  open: { request: { languageModel: SharedArrayBuffer }; response: undefined };
  /** Loads the punctuator's graph, before `label`. */
  openPunctuator: { request: { graph: string }; response: undefined };
  /** pieces [n], pauses [n, 2]. */
  label: {
    request: { pieces: BigInt64Array; pauses: Float32Array };
    response: { labels: PieceLabels; ms: number };
  };
  search: { request: SearchRequest[]; response: { nbests: Hypothesis[][]; searchMs: number } };
}

/** One of a thousand long phrases takes some megabytes. */
const MOST_GRAPHS = 16;
const { blankId, sosId, vocabularySize, anchor } = threadData<SearchThreadData>();
const searcher = new PrefixBeamSearch();
let languageModel: LanguageModel | undefined;
let punctuator: PunctuatorSession | undefined;
const graphs = new Map<string, ContextGraph | null>();

function graphOf({ key, phrases }: KeyedHotwords): ContextGraph | null {
  const graph = graphs.get(key) ?? hotwordGraph(phrases, anchor);
  // Back in at the end, so that the first is always the one that was not used for longest.
  graphs.delete(key);
  graphs.set(key, graph);
  if (graphs.size > MOST_GRAPHS) graphs.delete(graphs.keys().next().value as string);
  return graph;
}

const handlers: Handlers<SearchApi> = {
  open({ languageModel: shared }) {
    languageModel = new LanguageModel(readNgrams(new Uint8Array(shared), vocabularySize), sosId);
    return { value: undefined };
  },

  async openPunctuator({ graph }) {
    // onnxruntime takes memory in each thread that loads it: only where there is something to run.
    const { PunctuatorSession } = await import("./punctuator-session.ts");
    punctuator = await PunctuatorSession.open(graph);
    return { value: undefined };
  },

  async label({ pieces, pauses }) {
    if (!punctuator) throw new Error("the punctuator is not open yet");
    const started = performance.now();
    const labels = await punctuator.label(pieces, pauses);
    const transfer = [labels.cases.buffer, labels.marks.buffer] as ArrayBuffer[];
    return { value: { labels, ms: performance.now() - started }, transfer };
  },

  search(requests) {
    const started = performance.now();
    const nbests = requests.map(({ candidates, beam, width, nbest, hotwords, language: weights }) => {
      const context = graphOf(hotwords);
      const language = weights && languageModel && new LanguageScorer(languageModel, weights);
      const options = { beam, width, blank: blankId };
      const added = { ...(context && { context }), ...(language && { language }) };
      return searcher.search(candidates, { ...options, ...added }).slice(0, nbest);
    });
    return { value: { nbests, searchMs: performance.now() - started } };
  },
};

serveThread(handlers, async () => punctuator?.close());
