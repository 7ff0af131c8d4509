import type { Punctuator } from "../punctuation/open-punctuator.ts";
import type { PunctuationApi, PunctuationThreadData } from "./punctuation-thread.ts";
import { Thread } from "./thread.ts";

/** A pack's punctuator at work on the CPU, in a thread of its own beside the search. */
export class PunctuationEngine {
  readonly #thread: Thread<PunctuationApi>;

  private constructor(thread: Thread<PunctuationApi>) {
    this.#thread = thread;
  }

  /** Throws PackError. */
  static async open({ graph }: Punctuator): Promise<PunctuationEngine> {
    const data: PunctuationThreadData = { graph };
    const module = new URL("./punctuation-thread.ts", import.meta.url);
    const thread = new Thread<PunctuationApi>(module, data);
    try {
      await thread.call("open", undefined);
    } catch (error) {
      await thread.close();
      throw error;
    }
    return new PunctuationEngine(thread);
  }

  /** Labels of a window's pieces: pieces [n], pauses [n, 2]. */
  label(pieces: BigInt64Array, pauses: Float32Array): Promise<PunctuationApi["label"]["response"]> {
    return this.#thread.call("label", { pieces, pauses });
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
