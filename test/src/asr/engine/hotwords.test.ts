import { describe, expect, it, onTestFinished } from "vitest";
import type { ContextPhrase } from "../../../../src/asr/beam/context-graph.ts";
import { hotwordGraph } from "../../../../src/asr/beam/hotwords.ts";
import { prefixBeamSearch } from "../../../../src/asr/beam/prefix-beam.ts";
import { HotwordKeys } from "../../../../src/asr/engine/hotword-keys.ts";
import type { SearchApi, SearchThreadData } from "../../../../src/asr/engine/search-thread.ts";
import { Thread } from "../../../../src/asr/engine/thread.ts";
import { bestOf, tableOf } from "../beam/tables.ts";

const phrase = (tokens: number[], boost = 1): ContextPhrase => ({ tokens, boost });

describe("names of hotword lists", () => {
  it("are equal where the phrases are, and only there", () => {
    const keys = new HotwordKeys();
    const list = [phrase([1, 2]), phrase([3])];
    const { key } = keys.of(list);
    expect(keys.of([phrase([1, 2]), phrase([3])]).key).toBe(key);
    for (const other of [
      [],
      [phrase([1, 2])],
      [phrase([1]), phrase([2, 3])],
      [phrase([1, 2]), phrase([3], 2)],
    ])
      expect(keys.of(other).key).not.toBe(key);
  });

  it("are worked out once for a list, which is then sent as one object", () => {
    const keys = new HotwordKeys();
    const list = [phrase([1, 2])];
    expect(keys.of(list)).toBe(keys.of(list));
    expect(keys.of(list).phrases).toBe(list);
  });
});

describe("the search thread", () => {
  it("gives each utterance its own list's bonus, however many lists take turns", async () => {
    const data: SearchThreadData = { blankId: 0, sosId: 39, vocabularySize: 40, anchor: undefined };
    const module = new URL("../../../../src/asr/engine/search-thread.ts", import.meta.url);
    const thread = new Thread<SearchApi>(module, data);
    onTestFinished(() => thread.close());
    const frame = Array.from({ length: 40 }, (_, token) => Math.log((41 - token) / 820));
    const candidates = () =>
      bestOf(
        tableOf([frame, frame], (logProb) => logProb),
        40,
      );
    const keys = new HotwordKeys();
    const lists = [...Array(30).keys()].map((token) => [phrase([token + 2], 5)]);
    const asked = [...lists, [], ...lists.toReversed(), lists[3], lists[3]];
    const request = { beam: 40, width: 40, nbest: 40, language: null };
    const requests = asked.map((list) => ({ ...request, candidates: candidates(), hotwords: keys.of(list) }));
    const { nbests } = await thread.call("search", requests);
    const expected = asked.map((list) => {
      const context = hotwordGraph(list, undefined);
      return prefixBeamSearch(candidates(), { beam: 40, blank: 0, ...(context && { context }) });
    });
    expect(nbests).toEqual(expected);
    expect(new Set(nbests.map(([best]) => best.tokens.join())).size).toBe(lists.length + 1);
    const few = await thread.call("search", [{ ...requests[0], candidates: candidates(), nbest: 3 }]);
    expect(few.nbests).toEqual([expected[0].slice(0, 3)]);
  });
});
