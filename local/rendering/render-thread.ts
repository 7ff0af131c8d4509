import { parentPort, workerData } from "node:worker_threads";
import type { FormatName } from "../../src/formats/index.ts";
import { renderHere } from "../../src/jobs/use-cases/read-transcript.ts";

/** The thread of render-in-thread.ts: one transcript, then it is over. */
const { json, format } = workerData as { json: Uint8Array; format: FormatName };
parentPort?.postMessage(await renderHere(json, format));
