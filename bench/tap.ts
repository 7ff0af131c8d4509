import { Engine, type Recognition, type Utterance } from "../src/asr/engine/engine.ts";

export type Listener = (engine: Engine, utterance: Utterance, recognition: Promise<Recognition>) => void;

/**
 * Listen to every utterance that any engine of this process decodes, until the returned function is called. A transcriber
 * does not say what its engine was given, and its interface should not grow for benchmarks. The utterance must be read at
 * once: the engine takes its samples over.
 */
export function tapEngines(listener: Listener): () => void {
  const recognise = Engine.prototype.recognise;
  Engine.prototype.recognise = function (utterance, owner) {
    const seen = { ...utterance, samples: utterance.samples.slice() };
    const recognition = recognise.call(this, utterance, owner);
    listener(this, seen, recognition);
    return recognition;
  };
  return () => {
    Engine.prototype.recognise = recognise;
  };
}
