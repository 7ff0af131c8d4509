import { createHash } from "node:crypto";
import type { ContextPhrase } from "../beam/context-graph.ts";
import type { KeyedHotwords } from "./search-thread.ts";

/** Names hotword lists by their content, each list object once: it comes back with every utterance of a recording. */
export class HotwordKeys {
  readonly #known = new WeakMap<readonly ContextPhrase[], KeyedHotwords>();

  of(phrases: readonly ContextPhrase[]): KeyedHotwords {
    const known = this.#known.get(phrases);
    if (known) return known;
    const key = createHash("sha256").update(JSON.stringify(phrases)).digest("base64");
    const made = { key, phrases };
    this.#known.set(phrases, made);
    return made;
  }
}
