import type { Transcriber } from "../../../src/asr/index.ts";
import { override } from "../../support/override.ts";

export interface Halting {
  transcriber: Transcriber;
  /** From now on nothing halts. */
  goOn: () => void;
}

/**
 * A transcriber that stays in the middle of every recording, half of which it says is done, until it is told to go on
 * or the recording's signal is aborted. However fast the machine is, what is to happen meanwhile does.
 */
export function haltHalfway(transcriber: Transcriber): Halting {
  const { promise: toldSo, resolve } = Promise.withResolvers<void>();
  let halts = true;
  const transcribe: Transcriber["transcribe"] = (source, options = {}) => {
    const { signal, onProgress } = options;
    const transcription = transcriber.transcribe(source, {
      ...options,
      onProgress: (progress) => halts || onProgress?.(progress),
    });
    async function* segments() {
      for await (const segment of transcription) {
        if (halts) onProgress?.({ done: 1, total: 2 });
        await Promise.race([toldSo, ...(signal ? [aborted(signal)] : [])]);
        yield segment;
      }
    }
    return override(transcription, { [Symbol.asyncIterator]: segments });
  };
  const goOn = () => {
    halts = false;
    resolve();
  };
  return { transcriber: override(transcriber, { transcribe }), goOn };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
