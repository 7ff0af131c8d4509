/** A worker thread for the CTC prefix beam search. */
import type { ContextGraph, ContextPhrase } from "../beam/context-graph.ts";
import { hotwordGraph } from "../beam/hotwords.ts";
import { type FrameCandidates, type Hypothesis, PrefixBeamSearch } from "../beam/prefix-beam.ts";
import { serveThread, threadData } from "./thread.ts";

export interface SearchThreadData {
  blankId: number;
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
}

export interface SearchApi {
  search: { request: SearchRequest[]; response: { nbests: Hypothesis[][]; searchMs: number } };
}

/** One of a thousand long phrases takes some megabytes. */
const MOST_GRAPHS = 16;
const { blankId, anchor } = threadData<SearchThreadData>();
const searcher = new PrefixBeamSearch();
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
  search(requests) {
    const started = performance.now();
    const nbests = requests.map(({ candidates, beam, hotwords }) => {
      const context = graphOf(hotwords);
      return searcher.search(candidates, { beam, blank: blankId, ...(context && { context }) });
    });
    return { value: { nbests, searchMs: performance.now() - started } };
  },
});
