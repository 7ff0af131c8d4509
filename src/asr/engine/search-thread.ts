/** A worker thread for the CTC prefix beam search. */
import type { ContextGraph, ContextPhrase } from "../beam/context-graph.ts";
import { hotwordGraph } from "../beam/hotwords.ts";
import { LanguageScorer, type LanguageWeights } from "../beam/language-scorer.ts";
import { type FrameCandidates, type Hypothesis, PrefixBeamSearch } from "../beam/prefix-beam.ts";
import { LanguageModel } from "../language-model/language-model.ts";
import { readNgrams } from "../language-model/read-ngrams.ts";
import { serveThread, threadData } from "./thread.ts";

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
  hotwords: KeyedHotwords;
  /** Null to search without the language model. */
  language: LanguageWeights | null;
}

export interface SearchApi {
  /** Takes the bytes of the language model's file, which all threads share, before a search that wants one. */
  open: { request: { languageModel: SharedArrayBuffer }; response: undefined };
  search: { request: SearchRequest[]; response: { nbests: Hypothesis[][]; searchMs: number } };
}

/** One of a thousand long phrases takes some megabytes. */
const MOST_GRAPHS = 16;
const { blankId, sosId, vocabularySize, anchor } = threadData<SearchThreadData>();
const searcher = new PrefixBeamSearch();
let languageModel: LanguageModel | undefined;
const graphs = new Map<string, ContextGraph | null>();

function graphOf({ key, phrases }: KeyedHotwords): ContextGraph | null {
  const graph = graphs.get(key) ?? hotwordGraph(phrases, anchor);
  // Back in at the end, so that the first is always the one that was not used for longest.
  graphs.delete(key);
  graphs.set(key, graph);
  if (graphs.size > MOST_GRAPHS) graphs.delete(graphs.keys().next().value as string);
  return graph;
}

serveThread<SearchApi>({
  open({ languageModel: shared }) {
    languageModel = new LanguageModel(readNgrams(new Uint8Array(shared), vocabularySize), sosId);
    return { value: undefined };
  },

  search(requests) {
    const started = performance.now();
    const nbests = requests.map(({ candidates, beam, hotwords, language: weights }) => {
      const context = graphOf(hotwords);
      const language = weights && languageModel && new LanguageScorer(languageModel, weights);
      const options = { beam, blank: blankId, ...(context && { context }), ...(language && { language }) };
      return searcher.search(candidates, options);
    });
    return { value: { nbests, searchMs: performance.now() - started } };
  },
});
