/** A worker thread that owns the punctuator's graph: one text's window at a time, so that none depends on another. */
import { env, InferenceSession, Tensor } from "onnxruntime-node";
import { PackError } from "../errors.ts";
import { sessionOptions } from "../inference/devices.ts";
import type { PieceLabels } from "../punctuation/windows.ts";
import { serveThread, threadData } from "./thread.ts";

export interface PunctuationThreadData {
  graph: string;
}

export interface PunctuationApi {
  open: { request: undefined; response: undefined };
  /** pieces [n], pauses [n, 2]. */
  label: {
    request: { pieces: BigInt64Array; pauses: Float32Array };
    response: { labels: PieceLabels; ms: number };
  };
}

const INPUTS = ["pieces", "lens", "pauses"];
const OUTPUTS = ["case", "punctuation"];

env.logLevel = "fatal";
const { graph } = threadData<PunctuationThreadData>();
let session: InferenceSession | undefined;

async function load(): Promise<InferenceSession> {
  // Its activations are small and come and go with speech: no arena keeps their memory.
  const options = { ...sessionOptions("cpu", 1), enableCpuMemArena: false };
  const opened = await InferenceSession.create(graph, options).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new PackError("pack_invalid", `punctuator.onnx cannot be loaded: ${reason}`);
  });
  const { inputNames, outputNames } = opened;
  if (`${inputNames.toSorted()}` === `${INPUTS.toSorted()}` && OUTPUTS.every((n) => outputNames.includes(n)))
    return opened;
  await opened.release();
  const message = `punctuator.onnx takes ${inputNames} and gives ${outputNames}; it must take ${INPUTS} and give ${OUTPUTS}.`;
  throw new PackError("pack_tensors_mismatch", message);
}

serveThread<PunctuationApi>(
  {
    async open() {
      session = await load();
      return { value: undefined };
    },
    async label({ pieces, pauses }) {
      if (!session) throw new Error("the punctuator is not open yet");
      const started = performance.now();
      const length = pieces.length;
      const answers = await session.run({
        pieces: new Tensor("int64", pieces, [1, length]),
        lens: new Tensor("int64", BigInt64Array.of(BigInt(length)), [1]),
        pauses: new Tensor("float32", pauses, [1, length, 2]),
      });
      const cases = (answers.case.data as Float32Array).slice();
      const marks = (answers.punctuation.data as Float32Array).slice();
      for (const tensor of Object.values(answers)) tensor.dispose();
      const value = { labels: { cases, marks }, ms: performance.now() - started };
      return { value, transfer: [cases.buffer, marks.buffer] };
    },
  },
  async () => {
    await session?.release();
  },
);
