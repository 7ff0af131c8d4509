import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Render } from "../../src/jobs/use-cases/read-transcript.ts";

/** Renders in a thread of its own: a transcript of hours takes long enough to keep everybody else waiting. */
export const renderInThread: Render = async (json, format) => {
  const thread = new Worker(new URL("./render-thread.ts", import.meta.url), { workerData: { json, format } });
  try {
    const [text] = await once(thread, "message");
    return String(text);
  } finally {
    await thread.terminate();
  }
};
