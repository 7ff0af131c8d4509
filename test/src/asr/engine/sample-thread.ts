/** A worker thread for thread.test.ts: it doubles, fails and dies on request. */

import { serveThread, threadData } from "../../../../src/asr/engine/thread.ts";
import { PackError } from "../../../../src/asr/errors.ts";

export interface SampleApi {
  double: { request: Float32Array; response: Float32Array };
  fail: { request: "typed" | "plain"; response: undefined };
  die: { request: undefined; response: undefined };
  factor: { request: undefined; response: number };
}

serveThread<SampleApi>({
  double(values) {
    const value = values.map((one) => 2 * one);
    return { value, transfer: [value.buffer as ArrayBuffer] };
  },
  fail(kind) {
    throw kind === "typed" ? new PackError("pack_invalid", "no good") : new Error("bad luck");
  },
  die() {
    process.exit(7);
  },
  factor: () => ({ value: threadData<{ factor: number }>().factor }),
});
