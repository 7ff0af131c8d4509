import { InferenceSession, Tensor } from "onnxruntime-node";
import { PackError } from "../errors.ts";
import { sessionOptions } from "../inference/devices.ts";
import type { PieceLabels } from "../punctuation/windows.ts";

const INPUTS = ["pieces", "lens", "pauses"];
const OUTPUTS = ["case", "punctuation"];

/** A punctuator's graph on the CPU, on the thread that calls it: one window at a time, so that none depends on another. */
export class PunctuatorSession {
  readonly #session: InferenceSession;

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** Throws PackError pack_invalid, pack_tensors_mismatch. */
  static async open(graph: string): Promise<PunctuatorSession> {
    // Its activations are small and come and go with speech: no arena keeps their memory.
    const options = { ...sessionOptions("cpu", 1), enableCpuMemArena: false };
    const session = await InferenceSession.create(graph, options).catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
      throw new PackError("pack_invalid", `punctuator.onnx cannot be loaded: ${reason}`, { cause });
    });
    const { inputNames, outputNames } = session;
    const fits = `${inputNames.toSorted()}` === `${INPUTS.toSorted()}`;
    if (fits && OUTPUTS.every((name) => outputNames.includes(name))) return new PunctuatorSession(session);
    await session.release();
    const message = `punctuator.onnx takes ${inputNames} and gives ${outputNames}; it must take ${INPUTS} and give ${OUTPUTS}.`;
    throw new PackError("pack_tensors_mismatch", message);
  }

  /** Of a window's pieces [n] and their pauses [n, 2]. */
  async label(pieces: BigInt64Array, pauses: Float32Array): Promise<PieceLabels> {
    const length = pieces.length;
    const answers = await this.#session.run({
      pieces: new Tensor("int64", pieces, [1, length]),
      lens: new Tensor("int64", BigInt64Array.of(BigInt(length)), [1]),
      pauses: new Tensor("float32", pauses, [1, length, 2]),
    });
    const cases = (answers.case.data as Float32Array).slice(); // [n, 4]
    const marks = (answers.punctuation.data as Float32Array).slice(); // [n, 8]
    for (const tensor of Object.values(answers)) tensor.dispose();
    return { cases, marks };
  }

  close(): Promise<void> {
    return this.#session.release();
  }
}
