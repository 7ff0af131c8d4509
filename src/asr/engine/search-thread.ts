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

/** One utterance to search. `hotwords` are tokenised phrases; the graph of the last few sets is kept. */
export interface SearchRequest {
  candidates: FrameCandidates;
  beam: number;
  hotwords: readonly ContextPhrase[];
}

export interface SearchApi {
  search: { request: SearchRequest[]; response: { nbests: Hypothesis[][]; searchMs: number } };
}

const MOST_GRAPHS = 8;
const { blankId, anchor } = threadData<SearchThreadData>();
const searcher = new PrefixBeamSearch();
const graphs = new Map<string, ContextGraph | null>();

function graphOf(phrases: readonly ContextPhrase[]): ContextGraph | null {
  const key = JSON.stringify(phrases);
  const known = graphs.get(key);
  if (known !== undefined) return known;
  if (graphs.size === MOST_GRAPHS) graphs.delete(graphs.keys().next().value as string);
  const graph = hotwordGraph(phrases, anchor);
  graphs.set(key, graph);
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
