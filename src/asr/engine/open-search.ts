import { join } from "node:path";
import { hotwordAnchor } from "../beam/hotwords.ts";
import type { ModelPack } from "../pack/load-pack.ts";
import type { SearchApi, SearchThreadData } from "./search-thread.ts";
import { readShared } from "./shared-file.ts";
import { closeAll, Thread } from "./thread.ts";

/** The threads of the beam search, with the pack's language model; the first of them has its punctuator. Throws PackError. */
export async function openSearch(pack: ModelPack, count: number): Promise<Thread<SearchApi>[]> {
  const { folder, manifest, vocabulary, punctuator } = pack;
  const { blankId, sosId, size } = vocabulary;
  const data: SearchThreadData = {
    blankId,
    sosId,
    vocabularySize: size,
    anchor: hotwordAnchor(vocabulary),
  };
  const module = new URL("./search-thread.ts", import.meta.url);
  const threads = Array.from({ length: count }, () => new Thread<SearchApi>(module, data));
  try {
    if (manifest.language_model !== undefined) {
      const languageModel = await readShared(join(folder, manifest.language_model.file));
      await Promise.all(threads.map((thread) => thread.call("open", { languageModel })));
    }
    if (punctuator) await threads[0].call("openPunctuator", { graph: punctuator.graph });
  } catch (error) {
    await closeAll(threads);
    throw error;
  }
  return threads;
}
